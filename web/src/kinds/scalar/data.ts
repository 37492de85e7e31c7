// Scalar answers: decodes them, appends live tails, and prepares the curves. Pure; no browser needed.
import type { Column, Columns } from '../../api/payload';
import { segmentsOf } from '../../charts/segments';
import type { LineSeries, XKind } from '../../charts/types';

export interface SeriesHeader {
  run: string;
  generation: number;
  count: number;
  from: number;
  start: number;
  step: number;
  wall_time: number;
  value: number;
  smoothed: number | null;
}

export interface ChartHeader {
  tag: string;
  domain: [number, number] | null;
  series: SeriesHeader[];
}

export interface ScalarHeader {
  revision: number;
  charts: ChartHeader[];
}

/** A run's points as held in the page: all of them, or what the server's reduction kept. */
export interface Series {
  run: string;
  generation: number;
  /** Points of the whole series on the server that this stands for. */
  count: number;
  from: number;
  /** Wall time of the first point, in seconds since the epoch. */
  start: number;
  step: Column;
  wallTime: Column;
  value: Column;
  smoothed: Column | null;
}

export type Held = ReadonlyMap<string, Series>;

export function decodeChart(chart: ChartHeader, columns: readonly Column[]): Series[] {
  return chart.series.map((header) => ({
    run: header.run,
    generation: header.generation,
    count: header.count,
    from: header.from,
    start: header.start,
    step: columns[header.step],
    wallTime: columns[header.wall_time],
    value: columns[header.value],
    smoothed: header.smoothed === null ? null : columns[header.smoothed],
  }));
}

export function decodeAnswer({ header, columns }: Columns<ScalarHeader>): Series[][] {
  return header.charts.map((chart) => decodeChart(chart, columns));
}

/**
 * Merges what arrived into what is held. A tail is appended only when it continues exactly what is held; one that
 * does not is dropped, and its run forgotten, so that the next question asks for it whole.
 */
export function mergeSeries(held: Held, arrived: readonly Series[]): Map<string, Series> {
  const merged = new Map(held);
  for (const series of arrived) {
    const before = held.get(series.run);
    if (series.from === 0) merged.set(series.run, series);
    else if (before && continues(before, series)) merged.set(series.run, append(before, series));
    else merged.delete(series.run);
  }
  return merged;
}

function continues(before: Series, tail: Series): boolean {
  return (
    before.generation === tail.generation &&
    before.count === tail.from &&
    (before.smoothed === null) === (tail.smoothed === null)
  );
}

function append(before: Series, tail: Series): Series {
  return {
    ...before,
    count: tail.count,
    step: joined(before.step, tail.step),
    wallTime: joined(before.wallTime, tail.wallTime),
    value: joined(before.value, tail.value),
    smoothed: before.smoothed && tail.smoothed && joined(before.smoothed, tail.smoothed),
  };
}

// Each answer chooses its own narrowest dtype, so two parts may differ; float64 holds either.
function joined(first: Column, second: Column): Column {
  const length = first.length + second.length;
  const all =
    first instanceof Int32Array && second instanceof Int32Array
      ? new Int32Array(length)
      : first instanceof Float32Array && second instanceof Float32Array
        ? new Float32Array(length)
        : new Float64Array(length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/** The x values of a series along an axis; for `relative` seconds since its own first point. */
export function xOf(series: Series, axis: XKind): Column {
  if (axis === 'step') return series.step;
  if (axis === 'wall') return series.wallTime;
  return Float64Array.from(series.wallTime, (time) => time - series.start);
}

export function lineOf(series: Series, axis: XKind, colour: string, smooth: boolean): LineSeries {
  const x = xOf(series, axis);
  const smoothed = smooth ? series.smoothed : null;
  return {
    name: series.run,
    colour,
    x,
    y: smoothed ?? series.value,
    faint: smoothed ? series.value : null,
    segments: segmentsOf(x, series.step),
  };
}
