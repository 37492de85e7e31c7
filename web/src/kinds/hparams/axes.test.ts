// Where cells stand on an axis, what a brush lets through, and which line a pointer means.
import { expect, test } from 'vitest';
import { axisOf, type Scale } from './axes';
import type { Cell, CellType, Column } from './data';
import { nearestLine } from './lines';
import { passes } from './rows';

function column(type: CellType, cells: Cell[]): Column {
  const none = { displayName: '', description: '', metric: null, differs: true };
  return { id: 'x', sort: 'hparam', type, cells, ...none };
}

function places(scale: Scale, cells: Cell[], type: CellType = 'number'): (number | null)[] {
  const axis = axisOf(
    column(type, cells),
    cells.map((_, row) => row),
    scale,
  );
  return cells.map((cell) => axis?.place(cell) ?? null);
}

test.each([
  ['linear', [0, 5, 10, NaN, undefined, Infinity], [0, 0.5, 1, null, null, null]],
  ['log', [1, 10, 100, 0, -1], [0, 0.5, 1, null, null]],
  ['quantile', [1, 2, 1000, 1, NaN], [0, 0.5, 1, 0, null]],
  ['linear', [3, 3], [0.5, 0.5]],
  ['quantile', [3], [0.5]],
] as [Scale, Cell[], (number | null)[]][])('on a %s axis: %j', (scale, cells, wanted) => {
  const found = places(scale, cells);
  wanted.forEach((place, i) =>
    place === null ? expect(found[i]).toBeNull() : expect(found[i]).toBeCloseTo(place),
  );
});

test('texts stand in natural order with equal room', () => {
  expect(places('linear', ['b10', 'b2', undefined, 'b10'], 'text')).toEqual([0.75, 0.25, null, 0.75]);
});

test('only the rows that are shown make an axis', () => {
  const one = column('number', [0, 5, 10]);
  expect(axisOf(one, [1, 2], 'linear')?.place(5)).toBe(0);
  expect(axisOf(column('number', [undefined, NaN]), [0, 1], 'linear')).toBeNull();
  expect(axisOf(column('number', [-1, 0]), [0, 1], 'log')).toBeNull();
});

test.each(['linear', 'log', 'quantile'] as Scale[])('a %s brush passes what stands within it', (scale) => {
  const cells = [0.001, 0.01, 0.02, 0.5, 1, 30, 100];
  const axis = axisOf(
    column('number', cells),
    cells.map((_, row) => row),
    scale,
  );
  for (const [from, to] of [
    [0, 1],
    [0.2, 0.6],
    [0.43, 0.47],
  ]) {
    const filter = { ...axis!.within(from, to), missing: false };
    const standing = cells.filter((cell) => axis!.place(cell)! >= from && axis!.place(cell)! <= to);
    expect(cells.filter((cell) => passes(filter, cell))).toEqual(standing);
  }
});

test('a brush on texts passes those within it', () => {
  const axis = axisOf(column('text', ['a', 'b', 'c']), [0, 1, 2], 'linear');
  expect(axis?.within(0.4, 1)).toEqual({ any: ['b', 'c'] });
});

test('the pointer means the nearest line that passes the filters', () => {
  const line = (row: number, y: number, inside = true) => ({
    row,
    colour: '',
    inside,
    points: [{ x: 0, y }, { x: 100, y: y + 100 }, null, { x: 300, y }],
  });
  const lines = [line(0, 0), line(1, 20), line(2, 26, false)];
  expect(nearestLine(lines, 50, 76)).toBe(1);
  expect(nearestLine(lines, 50, 52)).toBe(0);
  expect(nearestLine(lines, 50, 120)).toBeNull();
  expect(nearestLine(lines, 200, 50)).toBeNull();
});
