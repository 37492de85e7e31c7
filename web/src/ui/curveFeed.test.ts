// What a card asks for next.
import { expect, test } from 'vitest';
import type { Part } from '../api/ask';
import { Feed, type Wish } from './curveFeed';

const wish: Wish = {
  tag: 'loss',
  runs: ['adam'],
  x: 'step',
  range: null,
  width: 100,
  smoothing: 0,
  smoother: 'ema',
  scale: 'linear',
  last: null,
};

/** An answer with `points` of a series of `count`, beginning behind `from`. */
function part(points: number, count = points, from = 0, generation = 1): Part {
  const column = Float64Array.from({ length: points }, (_, i) => from + i);
  const series = {
    run: 'adam',
    generation,
    count,
    from,
    start: 0,
    step: 0,
    wall_time: 0,
    value: 0,
    smoothed: null,
    row: null,
    segments: [{ row: 0, step: 0, wall_time: 0, cause: 'first', abandons: null, abandoned: null, points }],
  };
  return { chart: { tag: 'loss', domain: [0, count - 1], series: [series] }, columns: [column] };
}

test('first everything, then only what is new', () => {
  const feed = new Feed();
  const first = feed.question(wish);
  expect(first.have).toBeUndefined();
  expect(feed.accept(first, part(10))).toBe(true);
  expect(feed.question(wish).have).toEqual({ adam: [1, 10] });
});

test.each<[string, Partial<Wish>]>([
  ['smoothing', { smoothing: 0.5 }],
  ['smoother', { smoother: 'median' }],
  ['scale', { scale: 'log' }],
  ['end', { last: 50 }],
  ['x axis', { x: 'wall' }],
  ['tag of x', { along: 'epoch' }],
  ['formula', { formula: 'loss + 1' }],
  ['band', { band: 'sem' }],
  ['width', { width: 200 }],
])('another %s needs everything anew', (_, change) => {
  const feed = new Feed();
  feed.accept(feed.question(wish), part(10));
  expect(feed.question({ ...wish, ...change }).have).toBeUndefined();
});

test('a tail that does not fit makes the card ask again, for everything', () => {
  const feed = new Feed();
  feed.accept(feed.question(wish), part(10));
  expect(feed.accept(feed.question(wish), part(2, 12, 10, 2))).toBe(false);
  expect(feed.question(wish).have).toEqual({});
});

test('too many points held are reduced anew', () => {
  const feed = new Feed();
  feed.accept(feed.question(wish), part(1601));
  expect(feed.question(wish).have).toEqual({});
});

test('a zoom is refined apart, and leaving it shows the whole at once', () => {
  const feed = new Feed();
  feed.accept(feed.question(wish), part(10));
  const zoomed: Wish = { ...wish, range: [2, 4] };
  expect(feed.shown(zoomed.range).get('adam')?.step.length).toBe(10);
  feed.accept(feed.question(zoomed), part(3));
  expect(feed.shown([2, 4]).get('adam')?.step.length).toBe(3);
  expect(feed.shown([2.5, 3]).get('adam')?.step.length).toBe(3);
  expect(feed.shown([0, 9]).get('adam')?.step.length).toBe(10);
  feed.leaveZoom();
  expect(feed.shown(null).get('adam')?.step.length).toBe(10);
});

test('of groups what is held is named by the group', () => {
  const feed = new Feed();
  const grouped: Wish = { ...wish, runs: ['a', 'b'], groups: [{ name: 'adam', runs: ['a', 'b'] }] };
  feed.accept(feed.question(grouped), part(10));
  expect(feed.question(grouped).have).toEqual({ adam: [1, 10] });
});
