// The axes of parallel coordinates: where a cell stands on each, from 0 at the bottom to 1 at the top.
import type { Cell, Column } from './data';
import { isNumeric } from './data';
import { compareCells } from './rows';

export type Scale = 'linear' | 'log' | 'quantile';
export const SCALES: readonly Scale[] = ['linear', 'log', 'quantile'];

export interface Axis {
  id: string;
  /** Where a cell stands; null for one that has no place, such as none at all, NaN or an infinity. */
  place(cell: Cell): number | null;
  /** What is written beside the axis. */
  ticks: { at: number; cell: Cell }[];
  /** The cells within a stretch of the axis: a range of numbers, or the cells of a set. */
  within(from: number, to: number): { low: number; high: number } | { any: Cell[] };
}

const MOST_TICKS = 12;

/** An axis for the rows that are shown; null where none of them has a place on it. */
export function axisOf(column: Column, rows: readonly number[], scale: Scale): Axis | null {
  const cells = rows.map((row) => column.cells[row]);
  if (!isNumeric(column.type)) return setAxis(column, cells);
  const numbers = cells.filter((cell): cell is number => typeof cell === 'number' && Number.isFinite(cell));
  const fitting = scale === 'log' ? numbers.filter((number) => number > 0) : numbers;
  const ascending = Float64Array.from(new Set(fitting)).sort();
  if (ascending.length === 0) return null;
  if (scale === 'quantile') return quantileAxis(column, ascending);
  return scaledAxis(column, ascending, scale === 'log' ? [Math.log, Math.exp] : [same, same]);
}

const same = (value: number): number => value;

function setAxis({ id }: Column, cells: readonly Cell[]): Axis | null {
  const distinct = [...new Set(cells)].filter((cell) => cell !== undefined).sort(compareCells);
  if (distinct.length === 0) return null;
  const places = new Map<Cell, number>(distinct.map((cell, i) => [cell, (i + 0.5) / distinct.length]));
  const every = Math.ceil(distinct.length / MOST_TICKS);
  return {
    id,
    place: (cell) => places.get(cell) ?? null,
    ticks: distinct.filter((_, i) => i % every === 0).map((cell) => ({ at: places.get(cell) ?? 0, cell })),
    within: (from, to) => ({
      any: distinct.filter((cell) => between(places.get(cell) ?? 0, from, to)),
    }),
  };
}

type Function = (value: number) => number;

function scaledAxis({ id }: Column, ascending: Float64Array, [warp, unwarp]: [Function, Function]): Axis {
  const low = warp(ascending[0]);
  const high = warp(ascending[ascending.length - 1]);
  const at = (value: number): number => (high > low ? (warp(value) - low) / (high - low) : 0.5);
  const value = (place: number): number => unwarp(low + place * (high - low));
  return {
    id,
    place: (cell) => (typeof cell === 'number' && Number.isFinite(at(cell)) ? at(cell) : null),
    ticks: (high > low ? [0, 0.25, 0.5, 0.75, 1] : [0.5]).map((place) => ({ at: place, cell: value(place) })),
    // Snapped to the numbers there are: where rounding puts the ends of the axis must not leave out the outermost.
    within: (from, to) => {
      const inside = ascending.filter((number) => between(at(number), from, to));
      return { low: inside[0] ?? value(from), high: inside[inside.length - 1] ?? value(to) };
    },
  };
}

/** Equal room for each distinct number, so that crowded ones come apart. */
function quantileAxis({ id }: Column, ascending: Float64Array): Axis {
  const last = Math.max(1, ascending.length - 1);
  const places = new Map(
    [...ascending].map((value, i) => [value as Cell, ascending.length > 1 ? i / last : 0.5]),
  );
  const nearest = (place: number): number => Math.round(place * last);
  const ticks = ascending.length > 1 ? [0, 0.25, 0.5, 0.75, 1] : [0];
  return {
    id,
    place: (cell) => places.get(cell) ?? null,
    ticks: ticks.map((place) => {
      const cell = ascending[nearest(place)];
      return { at: places.get(cell) ?? 0, cell };
    }),
    within: (from, to) => {
      const inside = ascending.filter((value) => between(places.get(value) ?? 0, from, to));
      // A stretch between two numbers holds neither.
      const middle = (ascending[Math.floor(from * last)] + ascending[Math.ceil(from * last)]) / 2;
      return { low: inside[0] ?? middle, high: inside[inside.length - 1] ?? middle };
    },
  };
}

function between(value: number, from: number, to: number): boolean {
  return value >= from && value <= to;
}
