// Space onto the screen, and what lies under the pointer.
import { expect, test } from 'vitest';
import {
  FLAT,
  matrixOf,
  nearestRow,
  onScreen,
  panned,
  rowsInside,
  START,
  turned,
  withoutOverlap,
  zoomed,
} from './camera';

const PLACES = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, NaN, NaN, NaN);
const ROWS = [0, 1, 2, 3, 4];
const all = (): boolean => true;

test('flat, x runs right and y up from the middle, the same at any depth', () => {
  const screen = onScreen(PLACES, ROWS, matrixOf(FLAT, 2, true), 400, 200);
  const expected = [200, 100, 285, 100, 200, 15, 200, 100];
  expected.forEach((value, i) => expect(screen[i]).toBeCloseTo(value, 3));
  expect(screen[8]).toBeNaN();
});

test('a quarter turn brings what was right to the front, where it is larger', () => {
  const quarter = turned(FLAT, Math.PI / 2 / 0.008, 0);
  const matrix = matrixOf(quarter, 1, false);
  const [x, , y] = onScreen(Float32Array.of(1, 0, 0, 0, 0, 1), [0, 1], matrix, 200, 200);
  expect(x).toBeCloseTo(100, 3);
  expect(Math.abs(y - 100)).toBeGreaterThan(80);
});

test('panning moves near and far alike; zooming keeps what is under the pointer', () => {
  const before = onScreen(PLACES, ROWS, matrixOf(START, 1, false), 200, 200);
  const moved = onScreen(PLACES, ROWS, matrixOf(panned(START, 0.5, 0), 1, false), 200, 200);
  for (let i = 0; i < 8; i += 2) expect(moved[i] - before[i]).toBeCloseTo(50, 3);
  const under = [(2 * before[2] - 200) / 200, (200 - 2 * before[3]) / 200] as const;
  const near = onScreen(PLACES, ROWS, matrixOf(zoomed(START, 3, under), 1, false), 200, 200);
  expect(near[2]).toBeCloseTo(before[2], 3);
  expect(near[3]).toBeCloseTo(before[3], 3);
});

test('the nearest shown point within reach is picked', () => {
  const screen = Float32Array.of(10, 10, 14, 10, NaN, NaN);
  expect(nearestRow(screen, all, 11, 10, 5)).toBe(0);
  expect(nearestRow(screen, (row) => row > 0, 11, 10, 5)).toBe(1);
  expect(nearestRow(screen, all, 50, 10, 5)).toBeNull();
});

test('an outline holds what is inside it, not what is inside its box', () => {
  const corner = [
    [0, 0],
    [10, 0],
    [0, 10],
  ] as const;
  expect(rowsInside(Float32Array.of(2, 2, 9, 9, NaN, NaN), all, corner)).toEqual([0]);
});

test('labels that would touch are left out', () => {
  expect(withoutOverlap(Float32Array.of(0, 0, 5, 5, 200, 0, NaN, NaN), [90, 15])).toEqual([
    true,
    false,
    true,
    false,
  ]);
});
