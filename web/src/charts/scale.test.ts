// Values to pixels and back, and what the y axis has to span.
import { expect, test } from 'vitest';
import { markerKind } from './paths';
import { extentOfY, fitY } from './extent';
import { makeScale, padded } from './scale';
import { segmentsOf } from './segments';
import type { LineSeries } from './types';

function line(x: number[], y: number[], faint: number[] | null = null): LineSeries {
  const steps = Float64Array.from(x);
  const behind = faint && Float64Array.from(faint);
  return {
    name: 'run',
    dash: [],
    abandonedFrom: Int32Array.of(),
    colour: '#000',
    x: steps,
    y: Float64Array.from(y),
    faint: behind,
    segments: segmentsOf(steps),
  };
}

test('scales go there and back', () => {
  const scale = makeScale([0, 10], [50, 150]);
  expect(scale.toPixel(5)).toBe(100);
  expect(scale.toValue(100)).toBe(5);
  const log = makeScale([0.1, 1000], [200, 0], 'log');
  expect(log.toPixel(10)).toBeCloseTo(100);
  expect(log.toValue(100)).toBeCloseTo(10);
  expect(makeScale([3, 3], [0, 100]).toPixel(3)).toBe(50);
});

test('a symmetric logarithm has room for zero, both signs and small values', () => {
  const scale = makeScale([-1000, 1000], [0, 200], 'symlog');
  expect(scale.toPixel(0)).toBe(100);
  expect(scale.toPixel(-10) + scale.toPixel(10)).toBeCloseTo(200);
  expect(scale.toPixel(10) - scale.toPixel(0)).toBeGreaterThan(15);
  expect(scale.toValue(scale.toPixel(-37))).toBeCloseTo(-37);
});

const wish = { kind: 'linear', ignoreOutliers: false, reference: null, limits: [null, null] } as const;
const hundred = line(
  Array.from({ length: 101 }, (_, i) => i),
  Array.from({ length: 101 }, (_, i) => (i === 50 ? 1e6 : i)),
);

test('outliers are left out of the axis and told of, but a short curve has none', () => {
  const { extent, shown } = fitY([hundred], [0, 100], { ...wish, ignoreOutliers: true });
  expect(extent).toEqual([0, 1e6]);
  // The 5th and 95th of 0, 1, …, 49, 51, …, 100, 1e6, and a twentieth of room.
  expect(shown).toEqual([5 - 0.05 * 91, 96 + 0.05 * 91]);
  const short = fitY([line([0, 1, 2], [1, 1, 1000])], [0, 2], { ...wish, ignoreOutliers: true });
  expect(short.shown[1]).toBeGreaterThan(1000);
});

test('typed ends hold, and one that leaves nothing to show moves the other', () => {
  const fit = (limits: [number | null, number | null], kind: 'linear' | 'log' = 'linear') =>
    fitY([line([0, 1], [1, 3])], [0, 1], { ...wish, limits, kind }).shown;
  expect(fit([0, null])).toEqual([0, 3.1]);
  expect(fit([0, 2])).toEqual([0, 2]);
  expect(fit([10, null])).toEqual([10, 11]);
  expect(fit([5, 2])).toEqual([0.9, 3.1]);
  expect(fit([0, null], 'log')[0]).toBeGreaterThan(0);
});

test('NaN and infinities never reach the y scale', () => {
  expect(extentOfY([line([0, 1, 2, 3], [1, NaN, Infinity, -Infinity])], [0, 3], false)).toEqual([1, 1]);
  expect(extentOfY([line([0], [NaN])], [0, 0], false)).toBeNull();
});

test('only what is inside the x domain counts, and what is drawn behind counts too', () => {
  expect(extentOfY([line([0, 1, 2, 3], [9, 1, 2, -9])], [1, 2], false)).toEqual([1, 2]);
  expect(extentOfY([line([0, 1], [1, 2], [0, 5])], [0, 1], false)).toEqual([0, 5]);
});

test('a logarithmic axis spans the positive values', () => {
  expect(extentOfY([line([0, 1, 2], [0, -1, 5])], [0, 2], true)).toEqual([5, 5]);
});

test('padding leaves room, also around a flat line and near the largest float', () => {
  expect(padded([0, 10], 'linear')).toEqual([-0.5, 10.5]);
  expect(padded([2, 2], 'linear')).toEqual([1.8, 2.2]);
  expect(padded([0, 0], 'linear')).toEqual([-1, 1]);
  expect(padded([-1.7e308, 1.7e308], 'linear').every(Number.isFinite)).toBe(true);
});

test('what is not finite has a marker of its own', () => {
  expect([NaN, Infinity, -Infinity, 0, 1].map((value) => markerKind(value, false))).toEqual([
    'nan',
    'up',
    'down',
    null,
    null,
  ]);
  expect(markerKind(0, true)).toBe('nonpositive');
});

test('a reference line is on the axis, unless it has no place there', () => {
  const fit = (reference: number, kind: 'linear' | 'log' = 'linear') =>
    fitY([line([0, 1], [1, 3])], [0, 1], { ...wish, reference, kind }).shown;
  expect(fit(-1)[0]).toBeLessThan(-1);
  expect(fit(2)).toEqual([0.9, 3.1]);
  expect(fit(-1, 'log')[0]).toBeGreaterThan(0.5);
  expect(fit(30, 'log')[1]).toBeGreaterThan(30);
});

test('a band is on the axis', () => {
  const column = (...values: number[]): Float64Array => Float64Array.from(values);
  const banded = { ...line([0, 1], [1, 3]), band: [column(-7, 0), column(2, NaN)] as const };
  expect(fitY([banded], [0, 1], wish).extent).toEqual([-7, 3]);
});

test('what rounding makes of equal values fills no axis', () => {
  const [low, high] = padded([2, 2.0000000000000004], 'linear');
  expect(high - low).toBeGreaterThan(0.1);
});
