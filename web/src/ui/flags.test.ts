// Marks of runs along each axis, and those that several runs share.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeColumns } from '../api/payload';
import { flagsOf, readMarks } from './flags';

const GOLDEN = new URL('../../../tests/kinds/mark.golden.bin', import.meta.url);

function golden(): ReturnType<typeof readMarks> {
  const bytes = new Uint8Array(readFileSync(GOLDEN));
  const { header, columns } = decodeColumns<{ charts: unknown[] }>(bytes.buffer);
  return readMarks({ chart: header.charts[0], columns });
}

const starts = new Map([
  ['a', 1.7e9],
  ['b', 1.7e9 - 10],
  ['bare', 0],
]);
const flags = (along: 'step' | 'wall' | 'relative') =>
  flagsOf(golden().byRun, starts, along, (run) => run, 'grey').map(({ x, label, colour }) => [
    x,
    label,
    colour,
  ]);

test('the bytes that the server sends', () => {
  const { byRun, total } = golden();
  expect([...byRun.keys(), total]).toEqual(['b', 'a', 6]);
  expect(byRun.get('a')?.[1]).toEqual({
    run: 'a',
    name: 'lr drop',
    step: 5,
    wallTime: 1.7e9 + 5,
    description: '0.1 to 0.01',
  });
});

test('marks of several runs at one place are one flag', () => {
  expect(flags('step')).toEqual([
    [3, 'checkpoint ×2', 'grey'],
    [5, 'lr drop ×2', 'grey'],
    [2 ** 40, 'lr drop ×2', 'grey'],
  ]);
  expect(flags('wall')[0]).toEqual([1.7e9 + 3, 'checkpoint ×2', 'grey']);
});

test('along relative time each run counts from its own start', () => {
  expect(flags('relative')).toEqual([
    [3, 'checkpoint', 'a'],
    [5, 'lr drop', 'a'],
    [9, 'lr drop', 'a'],
    [13, 'checkpoint', 'b'],
    [15, 'lr drop', 'b'],
    [19, 'lr drop', 'b'],
  ]);
});
