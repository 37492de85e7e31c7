// Which rows of the table are shown, and in which order.
import type { Cell, Column, Table } from './data';

export interface SortKey {
  id: string;
  descending: boolean;
}

/** A closed interval, either end of which may be open, or a set of cells; `missing` lets rows without a cell through. */
export type ColumnFilter =
  { low: number | null; high: number | null; missing: boolean } | { any: readonly Cell[]; missing: boolean };

export type Filters = Readonly<Record<string, ColumnFilter>>;

export function passes(filter: ColumnFilter, cell: Cell): boolean {
  if (cell === undefined) return filter.missing;
  if ('any' in filter) return filter.any.some((one) => Object.is(one, cell));
  if (typeof cell !== 'number') return false;
  // Curves are logged as float32, in which 0.9 is a little less: what reads 0.9 is within a range from 0.9.
  const low = filter.low ?? -Infinity;
  const high = filter.high ?? Infinity;
  return cell >= Math.min(low, Math.fround(low)) && cell <= Math.max(high, Math.fround(high));
}

const natural = new Intl.Collator(undefined, { numeric: true });

/** Numbers before NaN before booleans before text, which is in natural order. */
export function compareCells(a: Cell, b: Cell): number {
  const [rankA, rankB] = [rank(a), rank(b)];
  if (rankA !== rankB) return rankA - rankB;
  if (typeof a === 'string') return natural.compare(a, String(b));
  return rankA === 1 ? 0 : Number(a) - Number(b) || 0;
}

function rank(cell: Cell): number {
  if (typeof cell === 'number') return Number.isNaN(cell) ? 1 : 0;
  return typeof cell === 'boolean' ? 2 : 3;
}

/**
 * Numbers of the rows that are shown. The sort is stable over the natural order of names; rows without a cell, and NaN,
 * come last whichever way it goes.
 */
export function shownRows(
  table: Table,
  matchesName: (run: string) => boolean,
  filters: Filters,
  sorts: readonly SortKey[],
): number[] {
  const filtered = Object.entries(filters).flatMap(([id, filter]) => {
    const column = table.columns.get(id);
    return column ? [{ cells: column.cells, filter }] : [];
  });
  const rows: number[] = [];
  for (let row = 0; row < table.runs.length; row++) {
    if (!matchesName(table.runs[row])) continue;
    if (filtered.every(({ cells, filter }) => passes(filter, cells[row]))) rows.push(row);
  }
  const compares = sorts.map((key) => comparer(table, key));
  if (compares.length === 0) return rows;
  return rows.sort((a, b) => {
    for (const compare of compares) {
      const order = compare(a, b);
      if (order !== 0) return order;
    }
    return a - b;
  });
}

function comparer(table: Table, { id, descending }: SortKey): (a: number, b: number) => number {
  const sign = descending ? -1 : 1;
  if (id === 'name') return (a, b) => sign * (a - b);
  const cells = table.columns.get(id)?.cells ?? [];
  return (a, b) => compareLast(cells[a], cells[b], sign);
}

/** Up or down by `sign`, but no cell, and NaN, last either way. */
export function compareLast(one: Cell, other: Cell, sign: number): number {
  const isLast = (cell: Cell): boolean => cell === undefined || Number.isNaN(cell);
  if (isLast(one) || isLast(other)) return Number(isLast(one)) - Number(isLast(other));
  return sign * compareCells(one, other);
}

/** The keys after a click on a column's head: up, down, not at all; `add` keeps the others. */
export function nextSort(sorts: readonly SortKey[], id: string, add: boolean): SortKey[] {
  const current = sorts.find((key) => key.id === id);
  const next = current?.descending ? [] : [{ id, descending: current !== undefined }];
  if (!add) return next;
  if (!current) return [...sorts, ...next];
  return sorts.flatMap((key) => (key.id === id ? next : [key]));
}

/** The distinct cells of a column in order, with the number of rows that have each; no cell counts as missing. */
export function distinct(column: Column): { cells: { cell: Cell; count: number }[]; missing: number } {
  const counts = new Map<Cell, number>();
  for (const cell of column.cells) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  const missing = counts.get(undefined) ?? 0;
  counts.delete(undefined);
  const cells = [...counts].map(([cell, count]) => ({ cell, count }));
  return { cells: cells.sort((a, b) => compareCells(a.cell, b.cell)), missing };
}

/** Whether those of the rows that have a cell differ in it: what 'differing only' keeps. */
export function differsIn({ cells }: Column, rows: readonly number[]): boolean {
  const first = rows.find((row) => cells[row] !== undefined);
  return (
    first !== undefined &&
    rows.some((row) => cells[row] !== undefined && !Object.is(cells[row], cells[first]))
  );
}

/** A number less the baseline's, as a share of its size where that is not zero; null where there is none. */
export function difference(cell: Cell, base: Cell): { absolute: number; share: number | null } | null {
  if (typeof cell !== 'number' || typeof base !== 'number') return null;
  const absolute = cell - base;
  if (!Number.isFinite(absolute)) return null;
  return { absolute, share: base === 0 ? null : absolute / Math.abs(base) };
}
