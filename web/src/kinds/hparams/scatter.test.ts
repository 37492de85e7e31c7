// Which cell and point of the scatter-plot matrix a pointer means, and how values are spread.
import { expect, test } from 'vitest';
import { cellAt, histogramOf, nearestPoint, pixelOf, within, type Grid, type Point } from './scatter';

const grid: Grid = { across: [0, 1], up: [1], left: 100, top: 50, width: 114, height: 94, gap: 10 };

const point = (row: number, places: (number | null)[], inside = true): Point => ({
  row,
  places,
  inside,
  colour: 'red',
});

test('a place within a cell goes there and back', () => {
  const [px, py] = pixelOf(grid, 1, 0, 0.25, 0.75);
  expect([px, py]).toEqual([100 + 124 + 7 + 25, 50 + 94 - 7 - 60]);
  expect(cellAt(grid, px, py)).toEqual({ across: 1, up: 0, x: 0.25, y: 0.75 });
});

test('outside of all cells is no place, and a drag beyond an edge ends at it', () => {
  expect([
    cellAt(grid, 99, 60),
    cellAt(grid, 120, 49),
    cellAt(grid, 400, 60),
    cellAt(grid, 120, 160),
  ]).toEqual([null, null, null, null]);
  expect(within(grid, 0, 0, 900, 900)).toEqual({ x: 1, y: 0 });
});

test('the nearest point that passes the filters and has a place on both axes', () => {
  const points = [
    point(3, [0.5, 0.5], false),
    point(4, [0.5, null]),
    point(5, [0.52, 0.5]),
    point(6, [0.6, 0.5]),
  ];
  const [px, py] = pixelOf(grid, 0, 0, 0.5, 0.5);
  expect(nearestPoint(grid, points, { across: 0, up: 0, x: 0.5, y: 0.5 }, px, py)).toBe(5);
  expect(nearestPoint(grid, points, { across: 0, up: 0, x: 0.5, y: 0.5 }, px, py - 20)).toBeNull();
});

test('the spread of an axis counts what passes, the ends included', () => {
  const counts = histogramOf([point(0, [0]), point(1, [1]), point(2, [1], false), point(3, [null])], 0);
  expect(counts).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
});
