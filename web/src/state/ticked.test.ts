// Which runs are ticked, and how little is said about it.
import { expect, test } from 'vitest';
import { compact, DEFAULT_CHOICE, isTicked, newestRuns, keepNewest } from './ticked';

const runs = Array.from({ length: 50 }, (_, i) => ({ name: `run${i}`, end: i === 7 ? null : i }));
const names = runs.map((run) => run.name);

test('few runs are all ticked, of many the newest', () => {
  expect(newestRuns(runs.slice(0, 20)).size).toBe(20);
  const newest = newestRuns(runs);
  expect([newest.size, newest.has('run49'), newest.has('run30'), newest.has('run29')]).toEqual([
    20,
    true,
    true,
    false,
  ]);
});

test('the choice is said with the fewest deviations', () => {
  const newest = newestRuns(runs);
  const all = new Set(names);
  expect(compact(newest, newest, names, DEFAULT_CHOICE)).toEqual(DEFAULT_CHOICE);
  expect(compact(all, newest, names, DEFAULT_CHOICE).base).toBe('all');
  const one = compact(new Set(['run3']), newest, names, DEFAULT_CHOICE);
  expect([one.base, [...one.on]]).toEqual(['none', ['run3']]);
  all.delete('run5');
  const allButOne = compact(all, newest, names, DEFAULT_CHOICE);
  expect([allButOne.base, [...allButOne.off]]).toEqual(['all', ['run5']]);
});

test('compacting keeps every tick', () => {
  const newest = newestRuns(runs);
  const ticked = new Set(names.filter((_, i) => i % 3 === 0));
  const choice = compact(ticked, newest, names, DEFAULT_CHOICE);
  expect(names.filter((name) => isTicked(choice, newest, name))).toEqual([...ticked]);
});

test('a run that is not there yet is remembered', () => {
  const previous = { base: 'none' as const, on: new Set(['later']), off: new Set<string>() };
  expect(compact(new Set(['run1']), newestRuns(runs), names, previous).on).toContain('later');
});

test('the rule decides on a run once: after the first reading, and when it has a record', () => {
  const old = Array.from({ length: 30 }, (_, at) => ({ name: `old${at}`, end: at }));
  const empty = { name: 'new', end: null };
  const half = keepNewest(old.slice(0, 25), [], new Set(), false);
  expect(half.has('old5')).toBe(true);
  const whole = keepNewest([...old, empty], old.slice(0, 25), half, false);
  expect(whole.size).toBe(20);
  expect([whole.has('old5'), whole.has('old10'), whole.has('new')]).toEqual([false, true, false]);
  const begun = keepNewest([...old, { name: 'new', end: 99 }], [...old, empty], whole, true);
  expect([begun.size, begun.has('old10'), begun.has('new')]).toEqual([21, true, true]);
});
