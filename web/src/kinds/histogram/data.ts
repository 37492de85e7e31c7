// Histogram answers: slices of many steps, single rows, and the numbers beside them. Pure.
import type { Column } from '../../api/payload';
import type { Part } from '../../api/ask';
import type { HistogramSlice } from '../../charts/histogram';
import type { XKind } from '../../charts/types';

interface SeriesHeader {
  run: string;
  held: unknown;
  from: number;
  start: number | null;
  problems: string[];
  step: number;
  last_step: number;
  wall_time: number;
  last_wall_time: number;
  merged: number;
  percentiles: number;
  end: number;
  left: number;
  right: number;
  count: number;
}

export interface Slice {
  step: number;
  lastStep: number;
  wallTime: number;
  lastWallTime: number;
  merged: number;
  percentiles: Column;
  left: Column;
  right: Column;
  count: Column;
}

/** The slices of a run. */
export interface Series {
  run: string;
  /** What tells the server which slices these are. */
  held: unknown;
  /** Wall time of the first, in seconds since the epoch. */
  start: number;
  /** Why some of them are missing. */
  problems: readonly string[];
  slices: readonly Slice[];
}

const BANDS = 9;
const MOST_PROBLEMS = 10;

/** What is held of some runs, as a question says it. */
export function holding(held: readonly Series[], runs: readonly string[]): Record<string, unknown> {
  const known = held.filter(({ run }) => runs.includes(run));
  return Object.fromEntries(known.map((series) => [series.run, series.held]));
}

/** Joins an answer to what was held when it was asked for: slices from the first that changed take the old ones' place. */
export function acceptSlices(held: readonly Series[], { chart, columns }: Part): Series[] {
  return (chart as { series: SeriesHeader[] }).series.map((header) => {
    const kept = header.from > 0 ? held.find(({ run }) => run === header.run) : undefined;
    const problems = [...(kept?.problems ?? []), ...header.problems];
    return {
      run: header.run,
      held: header.held,
      start: header.start ?? 0,
      problems: [...new Set(problems)].slice(0, MOST_PROBLEMS),
      slices: [...(kept?.slices.slice(0, header.from) ?? []), ...slicesOf(header, columns)],
    };
  });
}

function slicesOf(header: SeriesHeader, columns: Column[]): Slice[] {
  const [step, lastStep] = [columns[header.step], columns[header.last_step]];
  const [wallTime, lastWallTime] = [columns[header.wall_time], columns[header.last_wall_time]];
  const end = columns[header.end];
  return Array.from(end, (stop, i) => {
    const from = i > 0 ? end[i - 1] : 0;
    return {
      step: step[i],
      lastStep: lastStep[i],
      wallTime: wallTime[i],
      lastWallTime: lastWallTime[i],
      merged: columns[header.merged][i],
      percentiles: columns[header.percentiles].subarray(i * BANDS, (i + 1) * BANDS),
      left: columns[header.left].subarray(from, stop),
      right: columns[header.right].subarray(from, stop),
      count: columns[header.count].subarray(from, stop),
    };
  });
}

/** A run's slices as the chart draws them. */
export function drawn(series: Series, axis: XKind, colour: string): HistogramSlice[] {
  return series.slices.map((slice) => ({
    ...slice,
    name: series.run,
    colour,
    x: axis === 'step' ? slice.step : slice.wallTime - (axis === 'relative' ? series.start : 0),
    lastX: axis === 'step' ? slice.lastStep : slice.lastWallTime - (axis === 'relative' ? series.start : 0),
  }));
}

/** The slice that holds a step, or is nearest to it; the last for null, -1 where there is none. */
export function sliceAt(slices: readonly Slice[], step: number | null): number {
  let best = slices.length - 1;
  if (step === null || best < 0) return best;
  const away = ({ step: first, lastStep }: Slice): number => Math.max(first - step, step - lastStep, 0);
  for (let i = best - 1; i >= 0; i--) if (away(slices[i]) < away(slices[best])) best = i;
  return best;
}

export interface Statistics {
  count: number;
  min: number;
  max: number;
  mean: number;
  deviation: number;
  nan: number;
  positiveInfinity: number;
  negativeInfinity: number;
}

/** One step's histogram as it was logged, or why there is none. */
export type Row =
  | { error: string }
  | {
      error: null;
      /** Whether the writer said the statistics; else they follow from the buckets. */
      exact: boolean;
      statistics: Statistics;
      percentiles: Column;
      left: Column;
      right: Column;
      count: Column;
    };

type RowHeader = Record<'statistics' | 'percentiles' | 'left' | 'right' | 'count', number> & {
  error: string | null;
  exact: boolean;
};

export function decodeRow({ chart, columns }: Part): Row {
  const header = chart as RowHeader;
  if (header.error !== null) return { error: header.error };
  const [count, min, max, mean, deviation, nan, positiveInfinity, negativeInfinity] =
    columns[header.statistics];
  return {
    error: null,
    exact: header.exact,
    statistics: { count, min, max, mean, deviation, nan, positiveInfinity, negativeInfinity },
    percentiles: columns[header.percentiles],
    left: columns[header.left],
    right: columns[header.right],
    count: columns[header.count],
  };
}
