// Parts of runs are listed under the run they belong to, and ticked with it.
import { expect, test } from 'vitest';
import type { Fold, Run } from '../api/types';
import { foldsByName, nest, rawRows } from './folds';

const run = (name: string, parent?: string, label = ''): Run => {
  const fold: Fold | undefined = parent === undefined ? undefined : { parent, label, of: 'add_scalars' };
  return { name, start: null, end: null, tags: {}, points: 0, ...(fold && { fold }) };
};
const RUNS = [
  run('exp'),
  run('exp/loss_train', 'exp', 'train'),
  run('exp/loss_valid', 'exp', 'valid'),
  run('gone/loss_a', 'gone', 'a'),
  run('gone/loss_b', 'gone', 'b'),
  run('other'),
];
const none = new Set<string>();

test('parts are behind one row with one tick box for all', () => {
  const rows = nest(RUNS, none);
  expect(rows.map(({ name, parts, open }) => [name, parts, open])).toEqual([
    ['exp', 2, false],
    ['gone', 2, false],
    ['other', 0, false],
  ]);
  expect(rows[0].names).toEqual(['exp', 'exp/loss_train', 'exp/loss_valid']);
  expect([rows[1].run, rows[1].names]).toEqual([null, ['gone/loss_a', 'gone/loss_b']]);
});

test('an open row is followed by its parts, called by their labels', () => {
  const rows = nest(RUNS, new Set(['exp', 'other']));
  expect(rows.map(({ name, label }) => [name, label])).toEqual([
    ['exp', null],
    ['exp/loss_train', 'train'],
    ['exp/loss_valid', 'valid'],
    ['gone', null],
    ['other', null],
  ]);
  expect(rows[1].names).toEqual(['exp/loss_train']);
});

test('a part of a part stands under the outermost', () => {
  const deep = [run('exp'), run('exp/1.5', 'exp', '1.5'), run('exp/1.5/loss_a', 'exp/1.5', 'a')];
  expect(nest(deep, new Set(['exp'])).map(({ label }) => label)).toEqual([null, '1.5', '1.5 › a']);
});

test('the raw view has a row for each run', () => {
  expect(rawRows(RUNS).map(({ name, label, parts }) => [name, label, parts])).toEqual(
    RUNS.map(({ name }) => [name, null, 0]),
  );
  expect([...foldsByName(RUNS).keys()]).toEqual(RUNS.slice(1, 5).map(({ name }) => name));
});
