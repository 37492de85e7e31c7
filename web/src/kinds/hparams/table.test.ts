// The bytes that the server sends, which rows come in which order, and the table as text.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeColumns } from '../../api/payload';
import { defaultColumns, metricId, metricOf, type Metric } from './columns';
import { readTable, type Cell, type Column, type Table } from './data';
import { write } from './export';
import { compareCells, difference, differsIn, distinct, nextSort, passes, shownRows } from './rows';

const GOLDEN = new URL('../../../../tests/kinds/hparams.golden.bin', import.meta.url);

function golden(): Table {
  const bytes = new Uint8Array(readFileSync(GOLDEN));
  const { header, columns } = decodeColumns<{ charts: unknown[] }>(bytes.buffer);
  return readTable({ chart: header.charts[0], columns });
}

test('the bytes that the server sends', () => {
  const table = golden();
  expect(table.runs).toEqual(['run2', 'run10']);
  expect(table.tags).toEqual(['loss']);
  const cells = Object.fromEntries([...table.columns].map(([id, column]) => [id, column.cells]));
  expect(cells['hparam:lr']).toEqual([0.5, Infinity]);
  expect(cells['hparam:name']).toEqual(['a', 3]);
  expect(cells['hparam:amp']).toEqual([true, undefined]);
  expect(cells['group']).toEqual(['g', 'g']);
  expect(cells['state']).toEqual(['failed', 'failed']);
  expect(cells['start']).toEqual([1.6e9, 1.6e9]);
  expect(cells['step']).toEqual([3, undefined]);
  expect(cells['min:loss']).toEqual([1, undefined]);
  expect(cells['at 1:loss']).toEqual([NaN, undefined]);
  expect(table.columns.get('min:loss')?.displayName).toBe('The loss');
  expect([...table.columns.values()].map(({ type }) => type)).toContain('mixed');
  expect(table.columns.get('hparam:lr')?.differs).toBe(true);
  expect(table.columns.get('hparam:amp')?.differs).toBe(false);
});

test.each([
  { tag: 'loss', group: '', statistic: 'last', step: 0 },
  { tag: 'a:b (c)', group: 'x/y)', statistic: 'at', step: -1.5e21 },
  { tag: '', group: '', statistic: 'mean', step: 0 },
  { tag: 'two\nlines', group: 'g', statistic: 'min', step: 0 },
] satisfies Metric[])('a metric is known by its id: %j', (metric) => {
  expect(metricOf(metricId(metric))).toEqual(metric);
});

test.each(['state', 'hparam:last', 'at:x', 'last 3:x', 'median:x', 'at 1.2.3:x'])('%s is no metric', (id) => {
  expect(metricOf(id)).toBeNull();
});

test('the first columns tell runs apart', () => {
  const hparams = [
    { name: 'same', differs: false },
    { name: 'lr', differs: true },
  ];
  const named = [{ group: 'v', tag: 'acc' }];
  expect(defaultColumns({ hparams, named, tags: ['x'] })).toContain('last(v):acc');
  expect(defaultColumns({ hparams, named, tags: ['x'] })).not.toContain('hparam:same');
  expect(defaultColumns({ hparams: hparams.slice(0, 1), named: [], tags: ['x'] })).toEqual(
    expect.arrayContaining(['hparam:same', 'last:x']),
  );
});

function tableOf(columns: Record<string, Cell[]>, runs: string[]): Table {
  const made = Object.entries(columns).map(([id, cells]): [string, Column] => [
    id,
    {
      id,
      cells,
      sort: 'hparam',
      type: 'mixed',
      displayName: '',
      description: '',
      metric: null,
      differs: true,
    },
  ]);
  return { runs, parts: new Map(), columns: new Map(made), tags: [], named: [], hasInfo: false };
}

const every = (): boolean => true;
const table = tableOf({ a: [2, undefined, NaN, 1, 2], b: ['x10', 'x2', 'x2', 'x1', 'x9'] }, [...'pqrst']);

test.each([
  [[], [0, 1, 2, 3, 4]],
  [[{ id: 'a', descending: false }], [3, 0, 4, 1, 2]],
  [[{ id: 'a', descending: true }], [0, 4, 3, 1, 2]],
  [[{ id: 'b', descending: false }], [3, 1, 2, 4, 0]],
  [
    [
      { id: 'a', descending: true },
      { id: 'b', descending: false },
    ],
    [4, 0, 3, 1, 2],
  ],
  [[{ id: 'name', descending: true }], [4, 3, 2, 1, 0]],
  [[{ id: 'gone', descending: true }], [0, 1, 2, 3, 4]],
])('sorted by %j', (sorts, rows) => {
  expect(shownRows(table, every, {}, sorts)).toEqual(rows);
});

test('filters narrow together, and the name goes first', () => {
  const filters = {
    a: { low: 2, high: null, missing: true },
    b: { any: ['x10', 'x2'], missing: false },
  };
  expect(shownRows(table, every, filters, [])).toEqual([0, 1]);
  expect(shownRows(table, (run) => run !== 'p', filters, [])).toEqual([1]);
  expect(shownRows(table, every, { gone: { any: [], missing: false } }, [])).toHaveLength(5);
});

test.each([
  [1, true],
  [2, true],
  [2.1, false],
  [Math.fround(0.9), false],
  ['1', false],
  [NaN, false],
  [undefined, false],
] as [Cell, boolean][])('%s within 1 to 2: %s', (cell, through) => {
  expect(passes({ low: 1, high: 2, missing: false }, cell)).toBe(through);
});

test('a float32 that reads as the bound is within', () => {
  expect(passes({ low: 0.9, high: null, missing: false }, Math.fround(0.9))).toBe(true);
  expect(passes({ low: null, high: 0.1, missing: false }, Math.fround(0.1))).toBe(true);
});

test('cells of several types have one order', () => {
  const cells: Cell[] = ['b2', true, NaN, 3, 'b10', -1, false];
  expect(cells.sort(compareCells)).toEqual([-1, 3, NaN, false, true, 'b2', 'b10']);
});

test('a click sorts up, then down, then not; Shift adds', () => {
  let sorts = nextSort([], 'a', false);
  expect(sorts).toEqual([{ id: 'a', descending: false }]);
  sorts = nextSort(sorts, 'b', true);
  sorts = nextSort(sorts, 'a', true);
  expect(sorts).toEqual([
    { id: 'a', descending: true },
    { id: 'b', descending: false },
  ]);
  expect(nextSort(sorts, 'a', true)).toEqual([{ id: 'b', descending: false }]);
  expect(nextSort(sorts, 'c', false)).toEqual([{ id: 'c', descending: false }]);
});

test('values and how often', () => {
  const column = table.columns.get('a') as Column;
  expect(distinct(column)).toEqual({
    cells: [
      { cell: 1, count: 1 },
      { cell: 2, count: 2 },
      { cell: NaN, count: 1 },
    ],
    missing: 1,
  });
  expect([differsIn(column, [0, 1, 4]), differsIn(column, [0, 3]), differsIn(column, [1])]).toEqual([
    false,
    true,
    false,
  ]);
});

test('differences to a baseline', () => {
  expect(difference(3, -2)).toEqual({ absolute: 5, share: 2.5 });
  expect(difference(3, 0)).toEqual({ absolute: 3, share: null });
  expect([difference('a', 1), difference(1, undefined), difference(1, NaN)]).toEqual([null, null, null]);
});

test('ten thousand rows are sorted naturally', () => {
  const cells = Array.from({ length: 10_000 }, (_, i) => `name${(i * 7919) % 10_000}`);
  const rows = shownRows(tableOf({ a: cells }, cells), every, {}, [{ id: 'a', descending: false }]);
  expect(rows.slice(0, 2).map((row) => cells[row])).toEqual(['name0', 'name1']);
});

const sheet = {
  heads: ['Run', 'a_b'],
  numeric: [false, true],
  rows: [
    ['x,"y"', '1'],
    ['p|q&r\n', '-∞'],
  ],
};

test.each([
  ['csv', 'Run,a_b\r\n"x,""y""",1\r\n"p|q&r\n",-∞\r\n'],
  ['markdown', '| Run | a\\_b |\n| --- | ---: |\n| x,"y" | 1 |\n| p\\|q&r  | -∞ |\n'],
  [
    'latex',
    '\\begin{tabular}{lr}\n  \\toprule\n  Run & a\\_b \\\\\n  \\midrule\n  x,"y" & 1 \\\\\n' +
      '  p|q\\&r  & -$\\infty$ \\\\\n  \\bottomrule\n\\end{tabular}\n',
  ],
] as const)('as %s', (format, text) => {
  expect(write(sheet, format)).toBe(text);
});

test('a run that is called like a formula is none to a spreadsheet', () => {
  const rows = [['=1+2', '-1.5']];
  expect(write({ ...sheet, rows }, 'csv')).toBe("Run,a_b\r\n'=1+2,-1.5\r\n");
});
