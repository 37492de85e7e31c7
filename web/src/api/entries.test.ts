// Tails of entries, and the row that a step means.
import { expect, test } from 'vitest';
import { acceptEntries, allSteps, holding, rowAt, type HeldEntries } from './entries';
import type { Part } from './ask';

function answer(generation: number, from: number, steps: number[]): Part {
  const column = Float64Array.from(steps);
  const series = [{ run: 'a', generation, from, step: 0, wall_time: 0, key: 0 }];
  return { chart: { series }, columns: [column] };
}

test('a tail continues what is held', () => {
  const held = acceptEntries(new Map(), answer(7, 0, [1, 2]));
  expect(holding(held, ['a', 'b'])).toEqual({ a: [7, 2] });
  expect([...(acceptEntries(held, answer(7, 2, [3])).get('a')?.step ?? [])]).toEqual([1, 2, 3]);
});

test('a tail of something else makes the run unknown', () => {
  const held = acceptEntries(new Map(), answer(7, 0, [1, 2]));
  expect(acceptEntries(held, answer(8, 2, [3])).has('a')).toBe(false);
  expect(acceptEntries(held, answer(7, 1, [3])).has('a')).toBe(false);
});

test('a run that an answer does not name is gone', () => {
  const held: HeldEntries = acceptEntries(new Map(), answer(7, 0, [1, 2]));
  expect(acceptEntries(held, { chart: { series: [] }, columns: [] }).size).toBe(0);
});

test.each([
  [[], null, -1],
  [[], 3, -1],
  [[0, 10, 20], null, 2],
  [[0, 10, 20], 14, 1],
  [[0, 10, 20], 99, 2],
  [[0, 10, 20, 10, 20], 10, 3], // logged again after a restart: the newer one
  [[0, 10, 20], 15, 2],
])('the row of %j at step %s is %d', (steps, step, row) => {
  expect(rowAt(Float64Array.from(steps), step)).toBe(row);
});

test('the steps of all runs', () => {
  const held = new Map(
    [...acceptEntries(new Map(), answer(7, 0, [10, 2, 10]))].concat(
      [...acceptEntries(new Map(), answer(8, 0, [-1, 2]))].map(([, entries]) => ['b', entries]),
    ),
  );
  expect([...allSteps(held)]).toEqual([-1, 2, 10]);
});
