// What the readout says of several tags, of groups, and of a reference line.
import { expect, test } from 'vitest';
import type { Hit } from '../../charts/types';
import type { Series } from '../../ui/curves';
import type { Held } from '../../ui/curves';
import type { Source } from './curves.svelte';
import { dashOf, draw, groupRuns, sourcesOf, type Common } from './lines';
import { NOTHING_COMPARED } from '../../state/compared';
import { rowsOf } from './rows';

const common: Common = {
  x: 'step',
  range: null,
  width: 100,
  smoothing: 0,
  smoother: 'ema',
  scale: 'linear',
  last: null,
};
const look = () => ({ colour: '#123456', dash: [1], smooth: false, restarts: 'faded' as const });

function series(run: string, value: number[], more: Partial<Series> = {}): Series {
  const column = Float64Array.from(value, (_, i) => i);
  const segment = { row: 0, step: 0, wall_time: 0, cause: 'first' as const, abandons: null, abandoned: null };
  return {
    run,
    generation: 1,
    count: value.length,
    from: 0,
    start: 0,
    step: column,
    wallTime: column,
    value: Float64Array.from(value),
    smoothed: null,
    row: null,
    segments: [{ ...segment, points: value.length }],
    x: null,
    group: null,
    ...more,
  };
}

const sources = (tags: string[], runs: string[], compared = NOTHING_COMPARED): Source[] =>
  sourcesOf(
    tags[0],
    tags.map((tag) => ({ tag, runs })),
    compared,
    common,
    'all runs',
  );
const hit = (line: number, index: number): Hit => ({ series: line, index, px: 0, py: 0, distance: line });

test('several tags are told apart by dashes, and compared with the baseline each by itself', () => {
  const held: Held[] = [
    new Map([
      ['a', series('a', [1, 2])],
      ['b', series('b', [3, 5])],
    ]),
    new Map([
      ['a', series('a', [10, 20])],
      ['b', series('b', [10, 10])],
    ]),
  ];
  const drawn = draw(sources(['loss', 'val'], ['a', 'b']), held, look);
  expect(drawn.lines.map(({ name, dash }) => [name, dash])).toEqual([
    ['a', []],
    ['b', []],
    ['a', dashOf(['loss', 'val'], 'val')],
    ['b', dashOf(['loss', 'val'], 'val')],
  ]);
  expect(draw(sources(['loss'], ['a']), held, look).lines[0].dash).toEqual([1]);
  const hits = [hit(1, 1), hit(0, 1), hit(2, 1), hit(3, 1)];
  const rows = rowsOf(hits, hits, drawn, {
    baseline: 'a',
    reference: { value: 4, name: '' },
    locale: 'en',
  });
  expect(rows.map(({ name, tag, difference, toLine }) => [name, tag, difference, toLine])).toEqual([
    ['b', 'loss', '+3 (+150%)', '+1 (+25%)'],
    ['a', 'loss', '', '−2 (−50%)'],
    ['a', 'val', '', '+16 (+400%)'],
    ['b', 'val', '−10 (−50%)', '+6 (+150%)'],
  ]);
});

test('a group says its band and how many runs take part', () => {
  const columns = [Float64Array.from([0]), Float64Array.from([2])] as const;
  const group = { runs: Int32Array.from([3]), band: columns };
  const compared = { ...NOTHING_COMPARED, groupBy: 'all' };
  const held: Held[] = [new Map([['all runs', series('all runs', [1], { group })]])];
  const drawn = draw(sources(['loss'], ['a', 'b', 'c'], compared), held, look);
  expect(drawn.lines[0].band).toBe(columns);
  const [row] = rowsOf([hit(0, 0)], [hit(0, 0)], drawn, { baseline: '', reference: null, locale: 'en' });
  expect([row.runs, row.band, row.time]).toEqual(['3', '0 – 2', '']);
});

test('runs are grouped by folder, by what an expression captures, or all together', () => {
  const runs = ['vit/seed1', 'vit/seed2', 'cnn/seed1', 'lone'];
  expect(groupRuns('folder', runs, 'all').map(({ name, runs: of }) => [name, of.length])).toEqual([
    ['vit', 2],
    ['cnn', 1],
    ['.', 1],
  ]);
  expect(groupRuns('regex:(seed\\d)', runs, 'all')).toEqual([
    { name: 'seed1', runs: ['vit/seed1', 'cnn/seed1'] },
    { name: 'seed2', runs: ['vit/seed2'] },
  ]);
  expect(groupRuns('all', runs, 'everything')).toEqual([{ name: 'everything', runs }]);
});

test('curves that are made of others are kept apart', () => {
  const keys = [
    NOTHING_COMPARED,
    { ...NOTHING_COMPARED, along: 'epoch' },
    { ...NOTHING_COMPARED, groupBy: 'all' },
    { ...NOTHING_COMPARED, groupBy: 'all', band: 'sem' as const },
  ].map((compared) => sources(['loss'], ['a'], compared)[0].key);
  expect(new Set(keys).size).toBe(4);
  expect(keys[0]).toBe('loss');
});
