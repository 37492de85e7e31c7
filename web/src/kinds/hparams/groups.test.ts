// Groups as TensorBoard's session groups, by folders, and in order.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeColumns } from '../../api/payload';
import { readTable, type Cell, type Column, type Table } from './data';
import { aggregated, FOLDER, itemsOf, variety, type Aggregate, type Item } from './groups';
import type { SortKey } from './rows';

const beside = (name: string): URL => new URL(`../../../../tests/kinds/${name}`, import.meta.url);

/** Aggregate -> group -> metric -> value, as TensorBoard's HTTP answers have them. */
type Answers = Record<Aggregate, Record<string, Record<string, number>>>;

test.each(['mean', 'median', 'min', 'max'] as const)(
  'session groups have the %s that TensorBoard answers',
  (how) => {
    const theirs = (JSON.parse(readFileSync(beside('hparams_groups.golden.json'), 'utf8')) as Answers)[how];
    const bytes = new Uint8Array(readFileSync(beside('hparams_groups.golden.bin')));
    const { header, columns } = decodeColumns<{ charts: unknown[] }>(bytes.buffer);
    const table = readTable({ chart: header.charts[0], columns });
    const items = itemsOf(table, [...table.runs.keys()], [], {
      by: 'group',
      aggregate: how,
      closed: new Set(),
    });
    const ours: Record<string, Record<string, number>> = {};
    let inGroup = new Set<number>();
    const enter = (name: string, rows: readonly number[]): void => {
      ours[name] = {};
      for (const metric of table.columns.values()) {
        const cell = metric.sort === 'metric' ? aggregated(metric, rows, how) : undefined;
        if (cell !== undefined) ours[name][metric.id.split(':')[1]] = Number(cell);
      }
    };
    for (const item of items) {
      if ('group' in item) {
        inGroup = new Set(item.group.rows);
        enter(String(item.group.cell), item.group.rows);
      } else if (!inGroup.has(item.row)) enter(table.runs[item.row], [item.row]);
    }
    // The folder above the runs holds the experiment only: to TensorBoard that is no session.
    delete ours['.'];
    expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs).sort());
    for (const [group, metrics] of Object.entries(theirs)) {
      for (const [metric, value] of Object.entries(metrics))
        expect(ours[group][metric]).toBeCloseTo(value, 12);
    }
  },
);

function tableOf(runs: string[], columns: Record<string, Cell[]>, sort: Column['sort'] = 'metric'): Table {
  const made = Object.entries(columns).map(([id, cells]): [string, Column] => [
    id,
    { id, cells, sort, type: 'mixed', displayName: '', description: '', metric: null, differs: true },
  ]);
  return { runs, parts: new Map(), columns: new Map(made), tags: [], named: [], hasInfo: false };
}

const said = (items: Item[], table: Table): string[] =>
  items.map((item) =>
    'group' in item
      ? `${'  '.repeat(item.group.depth)}[${String(item.group.cell)} ${item.group.rows.length}]`
      : `${'  '.repeat(item.depth)}${item.label ?? table.runs[item.row]}`,
  );

function lines(table: Table, by: string, sorts: SortKey[] = [], closed: string[] = []): string[] {
  const rows = [...table.runs.keys()];
  return said(itemsOf(table, rows, sorts, { by, aggregate: 'mean', closed: new Set(closed) }), table);
}

test('folders nest, those with one run or one folder do not', () => {
  const runs = ['.', 'a', 'a/x/1', 'a/x/2', 'a/y', 'b/c/d/1', 'b/c/d/2', 'lone/deep/run'];
  const table = tableOf(runs, {});
  expect(lines(table, FOLDER)).toEqual([
    '.',
    '[a 4]',
    '  .',
    '  [x 2]',
    '    1',
    '    2',
    '  y',
    '[b/c/d 2]',
    '  1',
    '  2',
    'lone/deep/run',
  ]);
  expect(lines(table, FOLDER, [], [JSON.stringify([FOLDER, 'a/'])]).slice(0, 3)).toEqual([
    '.',
    '[a 4]',
    '[b/c/d 2]',
  ]);
});

test('folders of which one name begins another are two', () => {
  const table = tableOf(['ab/1', 'ab/2', 'a/1', 'a/2'], {});
  expect(lines(table, FOLDER)).toEqual(['[ab 2]', '  1', '  2', '[a 2]', '  1', '  2']);
});

test('rows of one cell are a group, in natural order, and sorts move groups by their number', () => {
  const table = tableOf(['p', 'q', 'r', 's'], { by: ['x10', 'x2', 'x2', undefined], loss: [1, 5, NaN, 3] });
  expect(lines(table, 'by')).toEqual(['[x2 2]', '  q', '  r', '[x10 1]', '  p', 's']);
  expect(lines(table, 'by', [{ id: 'loss', descending: false }])).toEqual([
    '[x10 1]',
    '  p',
    's',
    '[x2 2]',
    '  q',
    '  r',
  ]);
  expect(lines(table, 'gone')).toEqual(['p', 'q', 'r', 's']);
});

test('a number and a text that read alike are two groups', () => {
  const table = tableOf(['p', 'q'], { by: [1, '1'] });
  const keys = itemsOf(table, [0, 1], [], { by: 'by', aggregate: 'mean', closed: new Set() });
  expect(new Set(keys.flatMap((item) => ('group' in item ? [item.group.key] : []))).size).toBe(2);
});

test('cells in one', () => {
  const table = tableOf([...'abcd'], { n: [4, NaN, 1, 3], t: ['a', 'a', undefined, 'a'], m: [1, 'a', 1, 1] });
  const column = (id: string): Column => table.columns.get(id) as Column;
  const all = [0, 1, 2, 3];
  expect((['min', 'max', 'mean', 'median'] as const).map((how) => aggregated(column('n'), all, how))).toEqual(
    [1, 4, 8 / 3, 3],
  );
  expect(aggregated(column('n'), [1], 'max')).toBeNaN();
  expect(aggregated(column('t'), all, 'mean')).toBe('a');
  expect(aggregated(column('m'), all, 'mean')).toBeUndefined();
  expect(variety(column('m'), all)).toBe(2);
  const told = tableOf(['a', 'b'], { n: [4, 2] }, 'hparam').columns.get('n') as Column;
  expect(aggregated(told, [0, 1], 'mean')).toBeUndefined();
});
