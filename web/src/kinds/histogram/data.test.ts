// The answer that the server's tests fix, and which slice a step means.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeColumns } from '../../api/payload';
import { acceptSlices, decodeRow, drawn, holding, sliceAt, type Slice } from './data';

const golden = decodeColumns<{ charts: unknown[] }>(
  Uint8Array.from(readFileSync('../tests/kinds/histogram.golden.bin')).buffer,
);

test('the golden answer: six steps of two runs in three slices', () => {
  const [a, b] = acceptSlices([], { chart: golden.header.charts[0], columns: golden.columns });
  expect([a.run, b.run]).toEqual(['a', 'b']);
  expect(holding([a, b], ['b', 'c'])).toEqual({ b: [7, 6, 2, 'step'] });
  expect(a.slices.map(({ step, lastStep, merged }) => [step, lastStep, merged])).toEqual([
    [0, 1, 2],
    [2, 3, 2],
    [4, 5, 2],
  ]);
  expect([...a.slices[1].left]).toEqual([-1, 0, 1]);
  expect([...a.slices[1].right]).toEqual([0, 1, 3]);
  expect([...a.slices[1].count]).toEqual([4, 13, 4]);
  expect(a.slices[1].percentiles.length).toBe(9);
  const relative = drawn(a, 'relative', '#000000');
  expect(relative.map(({ x, lastX }) => [x, lastX])).toEqual([
    [0, 1],
    [2, 3],
    [4, 5],
  ]);
});

test('an answer from the second slice on takes the place of what was held there', () => {
  const chart = golden.header.charts[0] as { series: object[] };
  const held = acceptSlices([], { chart, columns: golden.columns });
  const news = { series: chart.series.map((series) => ({ ...series, from: 1, problems: ['cut'], held: 8 })) };
  const [a] = acceptSlices(held, { chart: news, columns: golden.columns });
  expect(a.slices.map(({ step }) => step)).toEqual([0, 0, 2, 4]);
  expect(a.slices[0]).toBe(held[0].slices[0]);
  expect([a.problems, a.held]).toEqual([['cut'], 8]);
  const [again] = acceptSlices([a], { chart: news, columns: golden.columns });
  expect([again.slices.length, again.problems]).toEqual([4, ['cut']]);
});

test('a row, and a row that cannot be read', () => {
  const columns = [Float64Array.of(4, 0, 2, 1, 0.5, 3, 2, 1), Float64Array.of(7)];
  const chart = { error: null, exact: false, statistics: 0, percentiles: 1, left: 1, right: 1, count: 1 };
  expect(decodeRow({ chart, columns })).toMatchObject({
    exact: false,
    statistics: { count: 4, mean: 1, deviation: 0.5, nan: 3, positiveInfinity: 2, negativeInfinity: 1 },
  });
  expect(decodeRow({ chart: { error: 'cut' }, columns: [] })).toEqual({ error: 'cut' });
});

test.each([
  [null, 2],
  [-5, 0],
  [1, 0],
  [14, 1],
  [16, 1],
  [22, 2],
])('step %s is in slice %d', (step, want) => {
  const slices = [
    [0, 3],
    [10, 15],
    [20, 20],
  ].map(([first, lastStep]) => ({ step: first, lastStep }) as Slice);
  expect(sliceAt(slices, step)).toBe(want);
  expect(sliceAt([], step)).toBe(-1);
});
