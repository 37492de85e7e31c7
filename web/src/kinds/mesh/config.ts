// What `config_dict` says of camera, material and lights: only names and values that are known here are taken. Pure.

export interface LightConfig {
  cls: 'AmbientLight' | 'DirectionalLight' | 'PointLight' | 'HemisphereLight';
  color: string;
  intensity: number;
  position: [number, number, number];
}

export interface MeshConfig {
  /** Degrees. */
  fov: number;
  /** Whether what is far away is as large as what is near. */
  isParallel: boolean;
  /** Distances from the eye between which things are seen; null where they follow the view. */
  near: number | null;
  far: number | null;
  /** Of the material, in the words of three.js. */
  material: Record<string, number | boolean | string>;
  /** Null where nothing is said. */
  materialClass: string | null;
  lights: LightConfig[];
}

const LIGHTS = ['AmbientLight', 'DirectionalLight', 'PointLight', 'HemisphereLight'] as const;
const NUMBERS = [
  'size',
  'opacity',
  'roughness',
  'metalness',
  'shininess',
  'reflectivity',
  'emissiveIntensity',
  'clearcoat',
];
const FLAGS = ['wireframe', 'transparent', 'flatShading', 'sizeAttenuation', 'vertexColors'];
const COLOURS = ['color', 'emissive', 'specular'];

const USUAL_LIGHTS: LightConfig[] = [
  { cls: 'HemisphereLight', color: '#ffffff', intensity: 0.6, position: [0, 1, 0] },
  { cls: 'DirectionalLight', color: '#ffffff', intensity: 0.7, position: [1, 2, 3] },
  { cls: 'DirectionalLight', color: '#ffffff', intensity: 0.3, position: [-2, -1, -2] },
];

export function readConfig(config: Record<string, unknown>): MeshConfig {
  const camera = asObject(config['camera']);
  const material = asObject(config['material']);
  const lights = Array.isArray(config['lights']) ? config['lights'].flatMap(readLight) : [];
  const fov = camera['fov'];
  const cls = material['cls'];
  return {
    fov: isNumber(fov) && fov >= 1 && fov <= 150 ? fov : 50,
    isParallel: camera['cls'] === 'OrthographicCamera',
    near: readDistance(camera['near']),
    far: readDistance(camera['far']),
    material: readMaterial(material),
    materialClass: typeof cls === 'string' ? cls : null,
    lights: lights.length > 0 ? lights.slice(0, 8) : USUAL_LIGHTS,
  };
}

function readDistance(value: unknown): number | null {
  return isNumber(value) && value > 0 ? value : null;
}

function readMaterial(material: Record<string, unknown>): MeshConfig['material'] {
  const taken: MeshConfig['material'] = {};
  for (const name of NUMBERS) if (isNumber(material[name])) taken[name] = material[name];
  for (const name of FLAGS) if (typeof material[name] === 'boolean') taken[name] = material[name];
  for (const name of COLOURS) {
    const colour = readColour(material[name]);
    if (colour) taken[name] = colour;
  }
  return taken;
}

function readLight(light: unknown): LightConfig[] {
  const said = asObject(light);
  const cls = LIGHTS.find((name) => name === said['cls']);
  if (!cls) return [];
  const place = said['position'];
  const position = Array.isArray(place) && place.length === 3 && place.every(isNumber) ? place : [0, 1, 0];
  return [
    {
      cls,
      color: readColour(said['color']) ?? '#ffffff',
      intensity: isNumber(said['intensity']) ? said['intensity'] : 1,
      position: position as [number, number, number],
    },
  ];
}

/** `#rgb`, `#rrggbb`, a name, or a number as three.js takes it. */
function readColour(colour: unknown): string | null {
  if (isNumber(colour) && colour >= 0 && colour <= 0xffffff)
    return `#${Math.floor(colour).toString(16).padStart(6, '0')}`;
  return typeof colour === 'string' && /^(#[0-9a-f]{3}|#[0-9a-f]{6}|[a-z]{3,20})$/i.test(colour)
    ? colour
    : null;
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
