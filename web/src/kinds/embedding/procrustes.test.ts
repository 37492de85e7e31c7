// One picture is turned onto another: against turns that were made by hand.
import { expect, test } from 'vitest';
import { aligned } from './procrustes';

const POINTS = Float32Array.from({ length: 60 }, (_, i) => Math.sin(7 * i * i + i) + 0.1 * (i % 3));

function moved(places: Float32Array, to: (point: readonly number[]) => number[]): Float32Array {
  return Float32Array.from(
    Array.from({ length: places.length / 3 }, (_, i) => to([...places.slice(3 * i, 3 * i + 3)])).flat(),
  );
}

const near = (one: Float32Array, other: Float32Array): void => {
  for (let i = 0; i < one.length; i++) expect(one[i]).toBeCloseTo(other[i], 5);
};

test('a turned picture is turned back, a mirrored one mirrored', () => {
  const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
  near(
    aligned(
      moved(POINTS, ([x, y, z]) => [c * x - s * y, s * x + c * y, z]),
      POINTS,
    ),
    POINTS,
  );
  near(
    aligned(
      moved(POINTS, ([x, y, z]) => [-x, z, y]),
      POINTS,
    ),
    POINTS,
  );
});

test('flat pictures stay flat; a picture of one point stays whole', () => {
  const flat = moved(POINTS, ([x, y]) => [x, y, 0]);
  near(
    aligned(
      moved(flat, ([x, y]) => [y, -x, 0]),
      flat,
    ),
    flat,
  );
  const zero = new Float32Array(6);
  near(aligned(zero, zero), zero);
});

test('points without a place have no say; another number of points is left alone', () => {
  const holes = POINTS.slice();
  holes.fill(NaN, 6, 9);
  const turned = moved(POINTS, ([x, y, z]) => [y, z, x]);
  near(aligned(turned, holes).slice(9), POINTS.slice(9));
  expect(aligned(turned.slice(3), POINTS)).toEqual(turned.slice(3));
});
