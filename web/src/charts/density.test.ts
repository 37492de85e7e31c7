// Areas stay true on every axis; values are found in their bucket.
import { expect, test } from 'vitest';
import { bucketAt, densityOf, extentOf, nearZero, totalOf, withoutTails } from './density';
import { symlogTicks, valueScale } from './valueScale';

const buckets = (...rows: [number, number, number][]) => ({
  left: Float64Array.from(rows, ([left]) => left),
  right: Float64Array.from(rows, ([, right]) => right),
  count: Float64Array.from(rows, ([, , count]) => count),
});

test('a count is spread over what its bucket covers', () => {
  const density = densityOf(buckets([0, 2, 4], [2, 2.5, 1], [2.5, 4, 3]), (value) => value, 4);
  expect([...density]).toEqual([2, 2, 2, 2]);
});

test('what is narrower than a pixel, or lies in one point, keeps its count', () => {
  const density = densityOf(buckets([1.5, 1.5, 7], [2.1, 2.2, 1], [3, 3, 2]), (value) => value, 3);
  expect([...density].map((part) => Math.round(part * 1e4) / 1e4)).toEqual([0, 7, 3]);
});

test('what is beyond the axis is left out, and of what reaches beyond it only the inner part counts', () => {
  const density = densityOf(buckets([-9, -8, 5], [-1, 1, 4], [9, 10, 5]), (value) => value, 2);
  expect([...density]).toEqual([2, 0]);
});

test.each(['linear', 'log', 'symlog'] as const)('no value is lost on a %s axis', (kind) => {
  const all = buckets([1e-4, 1e-3, 10], [1e-3, 0.5, 20], [0.5, 8, 30]);
  const scale = valueScale(kind, [1e-4, 8], [0, 100], 1e-3);
  const sum = densityOf(all, (value) => scale.toPixel(value), 100).reduce((a, b) => a + b, 0);
  expect(sum).toBeCloseTo(totalOf(all), 3);
});

test.each([-3, -0.002, 0, 1e-5, 7])('a symmetric logarithmic axis is read back: %d', (value) => {
  const scale = valueScale('symlog', [-10, 10], [0, 300], 1e-3);
  expect(scale.toValue(scale.toPixel(value))).toBeCloseTo(value, 9);
  expect(scale.toPixel(0)).toBeCloseTo(150);
});

test('ticks of it stand at zero and at powers of ten on both sides', () => {
  expect(symlogTicks([-10, 10], 0.1, 20)).toEqual([-10, -1, -0.1, 0, 0.1, 1, 10]);
  expect(symlogTicks([0, 10], 0.1, 3)).toEqual([0, 0.1, 10]);
});

test('the bucket of a value; the last one has its right edge', () => {
  const all = buckets([0, 1, 1], [1, 2, 1], [1.5, 1.6, 9], [2, 3, 1]);
  expect([-1, 0, 1.2, 1.55, 3, 4].map((value) => bucketAt(all, value))).toEqual([-1, 0, 1, 2, 3, -1]);
});

test('the extent is that of buckets with values', () => {
  expect(extentOf([buckets([-5, -4, 0], [-4, 1, 2], [1, 9, 0])], false)).toEqual([-4, 1]);
  expect(extentOf([buckets([-4, 1, 2], [1, 9, 1])], true)).toEqual([0.5, 9]);
  expect(extentOf([buckets([0, 1, 0])], false)).toBeNull();
});

test('the linear part is narrower than most values', () => {
  const percentiles = Float64Array.of(-9, -5, -3, -1, 0, 1, 3, 5, 9);
  expect(nearZero([{ percentiles }], [-9, 9])).toBe(0.1);
});

test('without tails: four standard deviations of normal values, and never beyond what there is', () => {
  const of = (mean: number, width: number) => ({
    percentiles: Float64Array.from([-9, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 9], (z) => mean + width * z),
  });
  const near = (got: number[], want: number[]) => got.forEach((one, i) => expect(one).toBeCloseTo(want[i]));
  near(withoutTails([of(0, 1)], [-9, 9]), [-4, 4]);
  near(withoutTails([of(0, 1), of(10, 2)], [-9, 28]), [-4, 18]);
  near(withoutTails([of(0, 1)], [-2, 3]), [-2, 3]);
  near(withoutTails([of(5, 0), { percentiles: new Float64Array(9).fill(NaN) }], [1, 5]), [1, 5]);
});
