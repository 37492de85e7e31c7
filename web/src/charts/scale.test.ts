// Values to pixels and back, and what the y axis has to span.
import { expect, test } from 'vitest';
import { markerKind } from './paths';
import { extentOfY, makeScale, padded } from './scale';
import { segmentsOf } from './segments';
import type { LineSeries } from './types';

function line(x: number[], y: number[], faint: number[] | null = null): LineSeries {
  const steps = Float64Array.from(x);
  const behind = faint && Float64Array.from(faint);
  return {
    name: 'run',
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
  const log = makeScale([0.1, 1000], [200, 0], true);
  expect(log.toPixel(10)).toBeCloseTo(100);
  expect(log.toValue(100)).toBeCloseTo(10);
  expect(makeScale([3, 3], [0, 100]).toPixel(3)).toBe(50);
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
  expect(padded([0, 10], false)).toEqual([-0.5, 10.5]);
  expect(padded([2, 2], false)).toEqual([1.8, 2.2]);
  expect(padded([0, 0], false)).toEqual([-1, 1]);
  expect(padded([-1.7e308, 1.7e308], false).every(Number.isFinite)).toBe(true);
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
