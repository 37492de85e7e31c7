// Histogram answers: slices of many steps, single rows, and the numbers beside them. Pure.
import type { Column } from '../../api/payload';
import type { Part } from '../../api/ask';
import type { HistogramSlice } from '../../charts/histogram';
import type { XKind } from '../../charts/types';

interface SeriesHeader {
  run: string;
  rows: number;
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
  /** Histograms that were logged. */
  rows: number;
  /** Wall time of the first, in seconds since the epoch. */
  start: number;
  /** Why some of them are missing. */
  problems: readonly string[];
  slices: readonly Slice[];
}

const BANDS = 9;

export function decodeSlices({ chart, columns }: Part): Series[] {
  return (chart as { series: SeriesHeader[] }).series.map((header) => {
    const column = (name: keyof SeriesHeader): Column => columns[header[name] as number];
    const end = column('end');
    return {
      run: header.run,
      rows: header.rows,
      start: header.start ?? 0,
      problems: header.problems,
      slices: Array.from(end, (stop, i) => {
        const from = i > 0 ? end[i - 1] : 0;
        return {
          step: column('step')[i],
          lastStep: column('last_step')[i],
          wallTime: column('wall_time')[i],
          lastWallTime: column('last_wall_time')[i],
          merged: column('merged')[i],
          percentiles: column('percentiles').subarray(i * BANDS, (i + 1) * BANDS),
          left: column('left').subarray(from, stop),
          right: column('right').subarray(from, stop),
          count: column('count').subarray(from, stop),
        };
      }),
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
