// Scalar answers: decodes them, appends live tails, and prepares the curves. Pure; no browser needed.
import type { Column, Columns } from '../api/payload';
import { lowerBound, segmentsOf } from '../charts/segments';
import type { LineSeries, XKind } from '../charts/types';

/** A stretch in which the step never goes back, as the server tells it (docs/kinds/scalar.md). */
export interface Segment {
  /** Its first row; of all rows of the series. */
  row: number;
  step: number;
  wall_time: number | null;
  cause: 'first' | 'writer' | 'rewind' | 'session';
  abandons: number | null;
  /** Points of it from this step on were given up by a later restart; null when none were. */
  abandoned: number | null;
  /** How many of the points held are in it. */
  points: number;
}

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
  row: number | null;
  segments: Segment[];
  /** x, where it is another tag or the points are those of a group. */
  x?: number;
  /** Of a group: how many runs take part in each point, and the edges of its band. */
  runs?: number;
  lower?: number | null;
  upper?: number | null;
}

export interface ChartHeader {
  tag: string;
  domain: [number, number] | null;
  series: SeriesHeader[];
  /** What is wrong with the chart itself: its formula. */
  problem?: string;
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
  /** Place of each point in the whole series; null when they follow each other from `from` on. */
  row: Column | null;
  /** Points are held segment by segment. */
  segments: Segment[];
  /** x, where it is no column of the points. */
  x: Column | null;
  /** What a group has beyond a run. */
  group: { runs: Column; band: readonly [Column, Column] | null } | null;
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
    row: header.row === null ? null : columns[header.row],
    segments: header.segments,
    x: header.x === undefined ? null : columns[header.x],
    group: header.runs === undefined ? null : decodeGroup(header, columns[header.runs], columns),
  }));
}

function decodeGroup(
  { lower, upper }: SeriesHeader,
  runs: Column,
  columns: readonly Column[],
): Series['group'] {
  const hasBand = typeof lower === 'number' && typeof upper === 'number';
  return { runs, band: hasBand ? [columns[lower], columns[upper]] : null };
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
    (before.smoothed === null) === (tail.smoothed === null) &&
    before.segments.every(({ row }, i) => tail.segments[i]?.row === row)
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
    row: before.row || tail.row ? joined(rowsOf(before), rowsOf(tail)) : null,
    segments: tail.segments.map((segment, i) => ({
      ...segment,
      points: segment.points + (before.segments[i]?.points ?? 0),
    })),
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

function rowsOf({ row, from, step }: Series): Column {
  return row ?? Int32Array.from(step, (_, i) => from + i);
}

/** The segment of a point, and how many logged points it stands for: those up to the next that is held. */
export function detailOf(series: Series, index: number): { segment: number; row: number; standsFor: number } {
  let segment = 0;
  let end = 0;
  for (; segment < series.segments.length; segment++) {
    end += series.segments[segment].points;
    if (index < end) break;
  }
  const rowAt = (i: number): number => series.row?.[i] ?? series.from + i;
  const row = rowAt(index);
  return { segment, row, standsFor: index + 1 < end ? rowAt(index + 1) - row : 1 };
}

/** The x values of a series along an axis; for `relative` seconds since its own first point. */
export function xOf(series: Series, axis: XKind): Column {
  if (series.x) return series.x;
  if (axis === 'step') return series.step;
  if (axis === 'wall') return series.wallTime;
  return Float64Array.from(series.wallTime, (time) => time - series.start);
}

/** How a series is to look. */
export interface Look {
  colour: string;
  dash: readonly number[];
  smooth: boolean;
  restarts: 'faded' | 'hidden' | 'full';
}

export function lineOf(series: Series, axis: XKind, { colour, dash, smooth, restarts }: Look): LineSeries {
  const x = xOf(series, axis);
  const smoothed = smooth ? series.smoothed : null;
  const ends = endsOf(series.segments);
  const segments = segmentsOf(x, series.step, new Set(ends));
  const splits = abandonedFrom(series, segments, ends);
  return {
    name: series.run,
    colour,
    dash,
    x,
    y: smoothed ?? series.value,
    faint: smoothed ? series.value : null,
    ...(series.group?.band && { band: series.group.band }),
    ...shownAs(restarts, segments, splits),
  };
}

function shownAs(
  restarts: Look['restarts'],
  segments: Int32Array,
  splits: Int32Array,
): Pick<LineSeries, 'segments' | 'abandonedFrom'> {
  if (restarts === 'faded') return { segments, abandonedFrom: splits };
  const ends = Int32Array.from(splits, (_, pair) => segments[2 * pair + 1]);
  if (restarts === 'full') return { segments, abandonedFrom: ends };
  const kept: number[] = [];
  splits.forEach((split, pair) => split > segments[2 * pair] && kept.push(segments[2 * pair], split));
  return {
    segments: Int32Array.from(kept),
    abandonedFrom: Int32Array.from(kept.filter((_, i) => i % 2 === 1)),
  };
}

/** Per segment of the server the index after its last point. */
function endsOf(segments: readonly Segment[]): number[] {
  let end = 0;
  return segments.map(({ points }) => (end += points));
}

// Each pair lies in one segment of the server, whose steps ascend: what was given up is at its end.
function abandonedFrom(series: Series, pairs: Int32Array, ends: readonly number[]): Int32Array {
  const splits = new Int32Array(pairs.length / 2);
  let segment = 0;
  for (let p = 0; p < pairs.length; p += 2) {
    while (segment < ends.length - 1 && pairs[p] >= ends[segment]) segment++;
    const step = series.segments[segment]?.abandoned ?? null;
    splits[p / 2] = step === null ? pairs[p + 1] : lowerBound(series.step, pairs[p], pairs[p + 1], step);
  }
  return splits;
}
