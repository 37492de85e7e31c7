// Where lines are cut, and what of them is on the screen.
import { expect, test } from 'vitest';
import { extentOfX, segmentsOf, visiblePart } from './segments';

test.each([
  ['one stretch', [0, 1, 2], [0, 3]],
  ['equal steps stay together', [0, 1, 1, 2], [0, 4]],
  ['a restart', [0, 1, 2, 1, 2], [0, 3, 3, 5]],
  ['x that is not a number', [0, NaN, 1, 2], [0, 1, 2, 4]],
  ['nothing', [], []],
])('%s', (_, x, segments) => {
  expect([...segmentsOf(Float64Array.from(x))]).toEqual(segments);
});

test('the visible part has one neighbour on each side', () => {
  const x = Float64Array.from([0, 10, 20, 30, 40, 50]);
  expect(visiblePart(x, 0, 6, [20, 30])).toEqual([1, 5]);
  expect(visiblePart(x, 0, 6, [21, 29])).toEqual([2, 4]);
  expect(visiblePart(x, 0, 6, [-5, 99])).toEqual([0, 6]);
});

test('extentOfX spans all segments of all series', () => {
  const series = [[5, 6, 2, 3], [4]].map((values) => {
    const x = Float64Array.from(values);
    return { x, segments: segmentsOf(x) };
  });
  expect(extentOfX(series)).toEqual([2, 6]);
  expect(extentOfX([])).toBeNull();
});

test('a restart cuts on an axis of time, where x goes on', () => {
  const times = Float64Array.of(10, 11, 12, 20, 21);
  const steps = Int32Array.of(0, 1, 2, 1, 2);
  expect([...segmentsOf(times, steps)]).toEqual([0, 3, 3, 5]);
});
