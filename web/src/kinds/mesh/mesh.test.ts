// Geometry from the server's bytes, extents, the way of the eye, and what a config may say.
import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { readConfig } from './config';
import { extentOf, fetchGeometry, joined } from './data';
import { eyeOf, fitted, moved, turned, turnOf, viewOf, zoomed, type View } from './orbit';
import { keyed } from './gestures';

const golden = readFileSync(new URL('../../../../tests/kinds/mesh.golden.bin', import.meta.url));

test('the bytes of the server become vertices, faces and colours', async () => {
  vi.stubGlobal('document', { baseURI: 'http://x/' });
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(new Uint8Array(golden))));
  const geometry = await fetchGeometry('http://x/api/mesh/geometry', new AbortController().signal);
  vi.unstubAllGlobals();
  expect(geometry.vertices).toEqual(Float32Array.of(0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, -3));
  expect(geometry.faces).toEqual(Uint32Array.of(0, 1, 2, 0, 2, 3));
  expect(geometry.colors).toEqual(Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 8, 7));
  expect(geometry.config).toEqual({ camera: { cls: 'PerspectiveCamera', fov: 40 } });
  expect([geometry.batches, geometry.problem]).toEqual([1, null]);
});

test('extents hold all vertices, and two have room in a third', () => {
  const { middle, radius } = extentOf(Float32Array.of(0, 0, 0, 4, 0, 0, 0, 2, 0));
  expect(middle).toEqual([2, 1, 0]);
  expect(radius).toBeCloseTo(Math.sqrt(5));
  expect(extentOf(new Float32Array(0))).toEqual({ middle: [0, 0, 0], radius: 1 });
  const one = { middle: [0, 0, 0], radius: 1 } as const;
  const two = { middle: [6, 0, 0], radius: 2 } as const;
  expect(joined({ ...one, middle: [0, 0, 0] }, { ...two, middle: [6, 0, 0] })).toEqual({
    middle: [3.5, 0, 0],
    radius: 4.5,
  });
  expect(joined({ middle: [0, 0, 0], radius: 9 }, { middle: [6, 0, 0], radius: 2 }).radius).toBe(9);
});

const FRONT: View = { yaw: 0, pitch: 0, distance: 2, target: [1, 1, 1] };

test('the eye stands before the target, turns around it and never tips over', () => {
  expect(eyeOf(FRONT)).toEqual([1, 1, 3]);
  const side = eyeOf(turned(FRONT, -0.5, 0));
  expect(side[0]).toBeCloseTo(3);
  expect(side[2]).toBeCloseTo(1);
  expect(turned(FRONT, 0, 9).pitch).toBeLessThan(Math.PI / 2);
  expect(zoomed(FRONT, 2).distance).toBe(1);
});

test('moving by the whole height moves by what is seen', () => {
  const [x, y, z] = moved(FRONT, 1, 0, 90).target;
  expect(x).toBeCloseTo(1 - 4);
  expect([y, z]).toEqual([1, 1]);
  expect(moved(FRONT, 0, 1, 90).target[1]).toBeCloseTo(1 + 4);
});

test('a fitted view sees the whole sphere', () => {
  const { distance } = fitted({ middle: [0, 0, 0], radius: 1 }, 60);
  expect(Math.asin(1 / distance)).toBeLessThan(Math.PI / 6);
});

test('a turn looks at a card of another size from the same side', () => {
  const start: View = { yaw: 0.5, pitch: 0.25, distance: 10, target: [0, 0, 0] };
  const turn = turnOf(zoomed(turned(moved(FRONT, 0.5, 0, 90), 0.1, 0.1), 2), FRONT);
  expect(turn.distance).toBe(0.5);
  expect(turn.shift[0]).toBeCloseTo(-1);
  const seen = viewOf(turn, start);
  expect(seen.yaw).toBeCloseTo(0.5 - 0.1 * Math.PI);
  expect(seen.distance).toBe(5);
  expect(seen.target[0]).toBeCloseTo(-10);
  expect(viewOf(null, start)).toBe(start);
  expect(viewOf(turnOf(FRONT, FRONT), FRONT)).toEqual(FRONT);
});

test('keys turn, zoom, bring back the first view, or mean nothing', () => {
  expect(keyed('ArrowLeft', FRONT)).toEqual(turned(FRONT, -0.05, 0));
  expect(keyed('+', FRONT)?.distance).toBeCloseTo(2 / 1.2);
  expect([keyed('0', FRONT), keyed('x', FRONT)]).toEqual([null, undefined]);
});

test('a config says what it may, and nothing else', () => {
  const read = readConfig({
    camera: { cls: 'PerspectiveCamera', fov: 75 },
    lights: [
      { cls: 'AmbientLight', color: 0xff0000, intensity: 0.75 },
      { cls: 'DirectionalLight', color: '#ffffff', position: [0, -1, 2] },
      { cls: 'constructor' },
      7,
    ],
    material: {
      cls: 'MeshStandardMaterial',
      roughness: 1,
      map: 'http://x/',
      onBeforeCompile: 'x',
      size: NaN,
    },
  });
  expect(read.fov).toBe(75);
  expect([read.isParallel, read.near, read.far]).toEqual([false, null, null]);
  const parallel = readConfig({ camera: { cls: 'OrthographicCamera', near: 0.5, far: -3 } });
  expect([parallel.isParallel, parallel.near, parallel.far]).toEqual([true, 0.5, null]);
  expect(read.material).toEqual({ roughness: 1 });
  expect(read.lights).toEqual([
    { cls: 'AmbientLight', color: '#ff0000', intensity: 0.75, position: [0, 1, 0] },
    { cls: 'DirectionalLight', color: '#ffffff', intensity: 1, position: [0, -1, 2] },
  ]);
  const nothing = readConfig({ camera: 3, lights: {}, material: null });
  expect([nothing.fov, nothing.material, nothing.materialClass]).toEqual([50, {}, null]);
  expect(nothing.lights.length).toBeGreaterThan(0);
});
