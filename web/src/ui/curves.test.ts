// Scalar answers: the golden payload that the server's tests also read, tails, segments.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeColumns } from '../api/payload';
import {
  decodeAnswer,
  detailOf,
  lineOf,
  mergeSeries,
  xOf,
  type ScalarHeader,
  type Segment,
  type Series,
} from './curves';

const GOLDEN = new URL('../../../tests/kinds/scalar.golden', import.meta.url).pathname;

interface GoldenRun {
  name: string;
  step: number[];
  value: (number | string)[];
  wall_time: number[];
  smoothed: (number | string)[];
}
interface Golden {
  tag: string;
  domain: [number, number];
  runs: GoldenRun[];
}

test('the golden payload decodes to the points that were logged', () => {
  const golden = JSON.parse(readFileSync(`${GOLDEN}.json`, 'utf8')) as Golden;
  const bytes = readFileSync(`${GOLDEN}.bin`);
  const answer = decodeColumns<ScalarHeader>(new Uint8Array(bytes).buffer);
  expect(answer.header.charts[0].tag).toBe(golden.tag);
  expect(answer.header.charts[0].domain).toEqual(golden.domain);
  const [chart] = decodeAnswer(answer);
  expect(chart.map((series) => series.run)).toEqual(golden.runs.map((run) => run.name));
  golden.runs.forEach((run, i) => {
    expect(chart[i].count).toBe(run.step.length);
    expectPointsOf(chart[i], run);
  });
});

// The reduction may leave points out, but each that comes was logged, and they come in order.
function expectPointsOf(series: Series, run: GoldenRun): void {
  const points = run.step.map((step, i) => [
    step,
    run.wall_time[i],
    Number(run.value[i]),
    Number(run.smoothed[i]),
  ]);
  let from = 0;
  for (let i = 0; i < series.step.length; i++) {
    const point = [series.step[i], series.wallTime[i], series.value[i], series.smoothed?.[i]];
    const at = points.findIndex(
      (logged, j) => j >= from && logged.every((part, k) => Object.is(part, point[k])),
    );
    expect(at, `point ${JSON.stringify(point)} of ${series.run}`).toBeGreaterThanOrEqual(0);
    from = at + 1;
  }
}

function segment(row: number, points: number, abandoned: number | null = null): Segment {
  return { row, step: 0, wall_time: 0, cause: 'rewind', abandons: null, abandoned, points };
}

function series(change: Partial<Series> & { values: number[] }): Series {
  const { values, ...rest } = change;
  const from = rest.from ?? 0;
  return {
    run: 'adam',
    generation: 1,
    count: from + values.length,
    from,
    start: 100,
    step: Int32Array.from(values, (_, i) => from + i),
    wallTime: Float64Array.from(values, (_, i) => 100 + from + i),
    value: Float32Array.from(values),
    smoothed: null,
    row: null,
    segments: [segment(0, values.length)],
    x: null,
    group: null,
    ...rest,
  };
}

const held = mergeSeries(new Map(), [series({ values: [1, 2, 3] })]);

test('a tail is appended to what is held', () => {
  const merged = mergeSeries(held, [series({ values: [4, 5], from: 3 })]).get('adam');
  expect([...(merged?.value ?? [])]).toEqual([1, 2, 3, 4, 5]);
  expect([...(merged?.step ?? [])]).toEqual([0, 1, 2, 3, 4]);
  expect([merged?.count, merged?.from]).toEqual([5, 0]);
});

test('a tail in another dtype loses nothing', () => {
  const tail = series({ values: [0], from: 3, value: Float64Array.of(0.1), step: Int32Array.of(3) });
  expect(mergeSeries(held, [tail]).get('adam')?.value).toEqual(Float64Array.of(1, 2, 3, 0.1));
});

test('a new generation replaces what is held', () => {
  const merged = mergeSeries(held, [series({ values: [9], generation: 2 })]).get('adam');
  expect([...(merged?.value ?? [])]).toEqual([9]);
});

test.each([
  ['of another generation', { generation: 2 }],
  ['that leaves a gap', { from: 4, count: 5 }],
  ['that overlaps', { from: 2, count: 3 }],
  ['with smoothing where none is held', { smoothed: Float64Array.of(1) }],
])('a tail %s is refused, and the run asked for anew', (_, change) => {
  const tail = series({ values: [4], from: 3, ...change });
  expect(mergeSeries(held, [tail]).has('adam')).toBe(false);
});

test('runs that are left out of an answer stay as they are', () => {
  expect(mergeSeries(held, []).get('adam')).toBe(held.get('adam'));
});

test('relative time counts from the first point of the whole series', () => {
  expect([...xOf(series({ values: [1, 2], start: 90 }), 'relative')]).toEqual([10, 11]);
});

const look = { colour: '#000', dash: [], smooth: true, restarts: 'faded' } as const;

test('what a restart gave up can be left out, or shown like the rest', () => {
  const restarted = series({ values: [1, 2, 3, 4] });
  restarted.step = Int32Array.of(0, 1, 1, 2);
  restarted.segments = [segment(0, 2, 1), segment(2, 2)];
  const hidden = lineOf(restarted, 'step', { ...look, restarts: 'hidden' });
  expect([...hidden.segments]).toEqual([0, 1, 2, 4]);
  expect([...hidden.abandonedFrom]).toEqual([1, 4]);
  const gone = { ...restarted, segments: [segment(0, 2, 0), segment(2, 2)] };
  expect([...lineOf(gone, 'step', { ...look, restarts: 'hidden' }).segments]).toEqual([2, 4]);
  const full = lineOf(restarted, 'step', { ...look, restarts: 'full' });
  expect([...full.abandonedFrom]).toEqual([2, 4]);
});

test('a restart makes two segments, and smoothing puts the raw values behind', () => {
  const restarted = series({ values: [1, 2, 3, 4], smoothed: Float64Array.of(1, 1.5, 2, 2.5) });
  restarted.step = Int32Array.of(0, 1, 0, 1);
  restarted.segments = [segment(0, 2, 0), segment(2, 2)];
  const smooth = lineOf(restarted, 'step', look);
  expect([...smooth.segments]).toEqual([0, 2, 2, 4]);
  expect([...smooth.abandonedFrom]).toEqual([0, 4]);
  expect([smooth.y, smooth.faint]).toEqual([restarted.smoothed, restarted.value]);
  expect(lineOf(restarted, 'step', { ...look, smooth: false }).faint).toBeNull();
});

test('a session cuts where the step goes on, and gives up the end of what was before', () => {
  const resumed = series({ values: [1, 2, 3, 4, 5] });
  resumed.segments = [segment(0, 3, 1), segment(3, 0), segment(3, 2)];
  const line = lineOf(resumed, 'wall', { ...look, smooth: false });
  expect([...line.segments]).toEqual([0, 3, 3, 5]);
  expect([...line.abandonedFrom]).toEqual([1, 5]);
});

test('points of a tail are counted into their segments', () => {
  const tail = series({ values: [4, 5, 6], from: 3, segments: [segment(0, 1, 2), segment(4, 2)] });
  const merged = mergeSeries(held, [tail]).get('adam');
  expect(merged?.segments).toEqual([segment(0, 4, 2), segment(4, 2)]);
  const other = series({ values: [4], from: 3, segments: [segment(1, 1)] });
  expect(mergeSeries(held, [other]).has('adam')).toBe(false);
});

test('a drawn point stands for those up to the next, within its segment', () => {
  const reduced = series({ values: [1, 2, 3, 4], row: Int32Array.of(0, 7, 9, 30), count: 40 });
  reduced.segments = [segment(0, 2), segment(9, 2)];
  expect([0, 1, 2, 3].map((index) => detailOf(reduced, index))).toEqual([
    { segment: 0, row: 0, standsFor: 7 },
    { segment: 0, row: 7, standsFor: 1 },
    { segment: 1, row: 9, standsFor: 21 },
    { segment: 1, row: 30, standsFor: 1 },
  ]);
});

test('rows of a tail go on where those held end', () => {
  const reduced = mergeSeries(new Map(), [series({ values: [1, 2], row: Int32Array.of(0, 4), count: 5 })]);
  const merged = mergeSeries(reduced, [series({ values: [3, 4], from: 5 })]).get('adam');
  expect([...(merged?.row ?? [])]).toEqual([0, 4, 5, 6]);
});
