// Geometry and config -> what three.js draws.
import * as three from 'three';
import type { Geometry } from './data';
import { readConfig, type LightConfig, type MeshConfig } from './config';

/** From so many points on fewer are drawn while they turn, should they be slow. */
const MANY_POINTS = 100_000;
const PLAIN = '#8fa3bf';

// Logs are written for TensorBoard's three.js of 2021: colours are taken as they are, and light has no physical unit.
three.ColorManagement.enabled = false;
const UNITS = Math.PI;

/** A material that has faces, and so edges. */
type Surface = three.Material & { wireframe: boolean };

const SURFACES = new Map<string, new () => Surface>(
  Object.entries({
    MeshBasicMaterial: three.MeshBasicMaterial,
    MeshLambertMaterial: three.MeshLambertMaterial,
    MeshNormalMaterial: three.MeshNormalMaterial,
    MeshPhongMaterial: three.MeshPhongMaterial,
    MeshPhysicalMaterial: three.MeshPhysicalMaterial,
    MeshStandardMaterial: three.MeshStandardMaterial,
    MeshToonMaterial: three.MeshToonMaterial,
  }),
);

export class Model {
  readonly scene = new three.Scene();
  readonly config: MeshConfig;
  readonly count: number;
  readonly isCloud: boolean;
  /** In which any beginning is spread over the whole, for clouds of many points. */
  private readonly order: three.BufferAttribute | null = null;
  private readonly geometry = new three.BufferGeometry();
  private readonly material: three.PointsMaterial | Surface;

  constructor({ vertices, faces, colors, config }: Geometry) {
    this.config = readConfig(config);
    this.count = vertices.length / 3;
    this.isCloud = !faces || faces.length === 0;
    this.geometry.setAttribute('position', new three.BufferAttribute(vertices, 3));
    if (colors) this.geometry.setAttribute('color', new three.BufferAttribute(colors, 3, true));
    this.material = this.makeMaterial(colors !== null);
    if (faces && !this.isCloud) {
      this.geometry.setIndex(new three.BufferAttribute(faces, 1));
      this.geometry.computeVertexNormals();
      this.scene.add(new three.Mesh(this.geometry, this.material));
    } else {
      this.order = this.count > MANY_POINTS ? scattered(this.count) : null;
      this.scene.add(new three.Points(this.geometry, this.material));
    }
    for (const object of this.scene.children) object.frustumCulled = false; // its middle is never out of sight
    for (const light of this.config.lights) this.scene.add(lightOf(light));
  }

  /** The part of it that is there at once, of a cloud that may be slow. */
  get firstShare(): number {
    return this.order ? MANY_POINTS / this.count : 1;
  }

  /** `share` is the part of a cloud's points that is drawn; `size` is in pixels unless the log says a size. */
  show(wireframe: boolean, size: number, share: number): void {
    if (this.material instanceof three.PointsMaterial) {
      const said = this.config.material['size'];
      this.material.sizeAttenuation = typeof said === 'number';
      this.material.size = typeof said === 'number' ? said * size : size;
      this.geometry.setIndex(share < 1 ? this.order : null); // all of them are faster in their own order
      this.geometry.setDrawRange(0, Math.ceil(this.count * share));
    } else this.material.wireframe = wireframe || this.config.material['wireframe'] === true;
  }

  dispose(): void {
    this.geometry.dispose();
    this.material.dispose();
  }

  private makeMaterial(coloured: boolean): Model['material'] {
    const { material, materialClass } = this.config;
    const known = {
      color: coloured ? '#ffffff' : PLAIN,
      ...material,
      vertexColors: coloured,
      side: three.DoubleSide,
    };
    if (this.isCloud) return made(new three.PointsMaterial(), known);
    const said = SURFACES.get(materialClass ?? '');
    return said ? made(new said(), known) : made(new three.MeshStandardMaterial({ roughness: 0.9 }), known);
  }
}

/** Takes of the values what the material has. */
function made<Material extends three.Material>(
  material: Material,
  values: Record<string, unknown>,
): Material {
  material.setValues(Object.fromEntries(Object.entries(values).filter(([name]) => name in material)));
  return material;
}

/** All points in an order of which any beginning is spread over the whole: steps of the golden ratio. */
function scattered(count: number): three.BufferAttribute {
  let step = Math.round(count * 0.618);
  while (divisor(step, count) !== 1) step++;
  const order = new Uint32Array(count);
  for (let i = 0, at = 0; i < count; i++, at = (at + step) % count) order[i] = at;
  return new three.BufferAttribute(order, 1);
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

function lightOf({ cls, color, intensity, position }: LightConfig): three.Light {
  const light =
    cls === 'AmbientLight'
      ? new three.AmbientLight(color)
      : cls === 'HemisphereLight'
        ? new three.HemisphereLight(color, '#888888')
        : cls === 'PointLight'
          ? new three.PointLight(color, 1, 0, 0)
          : new three.DirectionalLight(color);
  light.intensity = intensity * UNITS;
  light.position.set(...position);
  return light;
}
