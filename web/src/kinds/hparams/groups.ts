// Rows gathered: by the cells of a column, or by the folders that runs lie in; and a group's cells in one. Pure.
import type { Cell, Column, Table } from './data';
import { compareCells, compareLast, type SortKey } from './rows';

export type Aggregate = 'mean' | 'median' | 'min' | 'max';
export const AGGREGATES: readonly Aggregate[] = ['mean', 'median', 'min', 'max'];

/** What rows are gathered by instead of a column: the folders of their names. */
export const FOLDER = 'folder';

export interface Group {
  /** Tells it from others, and is kept in the link while it is closed. */
  key: string;
  /** What its rows have in common: a cell, or the part of a path. */
  cell: Cell;
  depth: number;
  rows: readonly number[];
  open: boolean;
}

/** A line of the grid: the head of a group, or a run. */
export type Item = { group: Group } | { row: number; depth: number; label: string | null };

export interface Grouping {
  /** Id of a column, or FOLDER. */
  by: string;
  aggregate: Aggregate;
  closed: ReadonlySet<string>;
}

interface Node {
  group: Group;
  inner: (Node | { row: number; label: string | null })[];
}

/** The lines of the grid, from rows in their order. A run without the column's cell stands by itself. */
export function itemsOf(
  table: Table,
  rows: readonly number[],
  sorts: readonly SortKey[],
  grouping: Grouping | null,
): Item[] {
  if (!grouping) return rows.map((row) => ({ row, depth: 0, label: null }));
  const column = table.columns.get(grouping.by);
  const nodes =
    grouping.by === FOLDER ? folders(table, rows, '', 0, grouping.closed) : byCells(column, rows, grouping);
  const items: Item[] = [];
  const list = (inner: Node['inner'], depth: number): void => {
    for (const node of sorted(table, inner, sorts, grouping.aggregate)) {
      if (!('group' in node)) items.push({ ...node, depth });
      else {
        items.push({ group: node.group });
        if (node.group.open) list(node.inner, depth + 1);
      }
    }
  };
  list(nodes, 0);
  return items;
}

/** The rows of each key, in their order. */
function gather<Key>(rows: readonly number[], keyOf: (row: number) => Key): Map<Key, number[]> {
  const found = new Map<Key, number[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = found.get(key);
    if (group) group.push(row);
    else found.set(key, [row]);
  }
  return found;
}

function byCells(
  column: Column | undefined,
  rows: readonly number[],
  { by, closed }: Grouping,
): Node['inner'] {
  const found = gather(rows, (row) => column?.cells[row]);
  const alone = found.get(undefined) ?? [];
  found.delete(undefined);
  const groups = [...found].sort(([a], [b]) => compareCells(a, b));
  return [
    ...groups.map(([cell, inside]) => {
      const key = JSON.stringify([by, typeof cell, String(cell)]);
      const group = { key, cell, depth: 0, rows: inside, open: !closed.has(key) };
      return { group, inner: inside.map((row) => ({ row, label: null })) };
    }),
    ...alone.map((row) => ({ row, label: null })),
  ];
}

/** Folders with more than one run; one that holds nothing but another folder is named with it. */
function folders(
  table: Table,
  rows: readonly number[],
  prefix: string,
  depth: number,
  closed: ReadonlySet<string>,
): Node['inner'] {
  const found = gather(rows, (row) => table.runs[row].slice(prefix.length).split('/')[0]);
  return [...found].flatMap(([, inside]): Node['inner'] => {
    if (inside.length === 1) return inside.map((row) => ({ row, label: rest(table.runs[row], prefix) }));
    const path = commonFolder(inside.map((row) => table.runs[row]));
    const key = JSON.stringify([FOLDER, path]);
    const group = {
      key,
      cell: path.slice(prefix.length, -1),
      depth,
      rows: inside,
      open: !closed.has(key),
    };
    return [{ group, inner: folders(table, inside, path, depth + 1, closed) }];
  });
}

const rest = (run: string, prefix: string): string => run.slice(prefix.length) || '.';

/** The longest path with a slash at its end that all begin with; a run that is itself a folder counts as inside of it. */
function commonFolder(runs: readonly string[]): string {
  const parts = runs.map((run) => `${run}/`.split('/').slice(0, -1));
  let shared = 0;
  while (parts.every((one) => one.length > shared && one[shared] === parts[0][shared])) shared++;
  return parts[0]
    .slice(0, shared)
    .map((part) => `${part}/`)
    .join('');
}

/** Groups and runs in one order: a group stands where its cells in one would. */
function sorted(
  table: Table,
  inner: Node['inner'],
  sorts: readonly SortKey[],
  aggregate: Aggregate,
): Node['inner'] {
  const keys = sorts.flatMap(({ id, descending }) => {
    const column = table.columns.get(id);
    return column ? [{ column, sign: descending ? -1 : 1 }] : [];
  });
  if (keys.length === 0) return inner;
  const ranked = inner.map((node) => ({
    node,
    cells: keys.map(({ column }) =>
      'group' in node ? aggregated(column, node.group.rows, aggregate) : column.cells[node.row],
    ),
  }));
  ranked.sort((a, b) => {
    for (const [i, { sign }] of keys.entries()) {
      const order = compareLast(a.cells[i], b.cells[i], sign);
      if (order !== 0) return order;
    }
    return 0;
  });
  return ranked.map(({ node }) => node);
}

/**
 * The cell of a group: numbers in one, NaN left out as far as there are others; else the cell that all rows have.
 * A median of an even number is the lower of the two in the middle, as TensorBoard takes it, so that some run has it.
 */
export function aggregated(column: Column, rows: readonly number[], how: Aggregate): Cell {
  const cells = rows.map((row) => column.cells[row]).filter((cell) => cell !== undefined);
  const isSame = cells.every((cell) => Object.is(cell, cells[0]));
  if (isSame || column.sort === 'hparam') return isSame ? cells[0] : undefined;
  const numbers = cells.filter((cell) => typeof cell === 'number');
  if (numbers.length < cells.length) return undefined;
  const known = Float64Array.from(numbers.filter((number) => !Number.isNaN(number))).sort();
  if (known.length === 0) return NaN;
  if (how === 'min') return known[0];
  if (how === 'max') return known[known.length - 1];
  if (how === 'median') return known[(known.length - 1) >> 1];
  return known.reduce((sum, number) => sum + number, 0) / known.length;
}

/** How many different cells a group has, runs without one left out. */
export function variety(column: Column, rows: readonly number[]): number {
  return new Set(rows.map((row) => column.cells[row]).filter((cell) => cell !== undefined)).size;
}
