// The point under the cursor, against trying them all.
import { describe, expect, test } from 'vitest';
import { covers, nearestPoint } from './nearest';
import { segmentsOf } from './segments';

function bruteForce(x: Float64Array, y: Float64Array, cursor: { x: number; y: number }): [number, number] {
  let best: [number, number] = [Infinity, Infinity];
  for (let i = 0; i < x.length; i++) {
    const dx = Math.abs(x[i] - cursor.x);
    const dy = Number.isFinite(y[i]) ? Math.abs(y[i] - cursor.y) : Number.MAX_VALUE;
    if (dx < best[0] || (dx === best[0] && dy < best[1])) best = [dx, dy];
  }
  return best;
}

/** Park and Miller's generator: the same numbers on every machine. */
function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

describe('nearestPoint', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('equals brute force with restarts and ties (seed %i)', (seed) => {
    const next = random(seed);
    let step = 0;
    const x = Float64Array.from(
      { length: 300 },
      () => (step = next() < 0.03 ? step - 20 : step + Math.floor(next() * 3)),
    );
    const y = Float64Array.from({ length: 300 }, () => (next() < 0.05 ? NaN : next()));
    const segments = segmentsOf(x);
    for (let n = 0; n < 200; n++) {
      const cursor = { x: next() * 400 - 40, y: next() };
      const i = nearestPoint(x, y, segments, cursor);
      const dy = Number.isFinite(y[i]) ? Math.abs(y[i] - cursor.y) : Number.MAX_VALUE;
      expect([Math.abs(x[i] - cursor.x), dy]).toEqual(bruteForce(x, y, cursor));
    }
  });

  test('an empty series has none', () => {
    expect(nearestPoint(new Float64Array(), new Float64Array(), new Int32Array(), { x: 0, y: 0 })).toBe(-1);
  });
});

test('a curve covers what lies between the ends of its segments', () => {
  const x = Float64Array.of(0, 5, 3, 9);
  const segments = Int32Array.of(0, 2, 2, 4);
  expect([-1, 0, 4, 7, 9, 10].map((at) => covers(x, segments, at))).toEqual([
    false,
    true,
    true,
    true,
    true,
    false,
  ]);
});
