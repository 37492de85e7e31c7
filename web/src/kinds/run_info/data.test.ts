// The bytes that the server sends, lines beside each other, and what a diff is made of.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeColumns } from '../../api/payload';
import { diffLines, linesOf, quoted, type Info, type Said } from './data';

const GOLDEN = new URL('../../../../tests/kinds/run_info.golden.bin', import.meta.url);
const words = { time: (seconds: number) => `t${seconds}`, flag: (on: boolean) => String(on) };

function golden(): Said[] {
  const bytes = new Uint8Array(readFileSync(GOLDEN));
  return decodeColumns<{ charts: Said[] }>(bytes.buffer).header.charts;
}

test('the bytes that the server sends, side by side', () => {
  const [second, first, none] = golden();
  expect([second.number, second.count, none.info]).toEqual([1, 2, null]);
  const lines = linesOf([first.info as Info, second.info as Info], words);
  const byName = new Map(lines.map((line) => [line.name, line]));
  expect(byName.get('command')).toEqual({
    section: 'start',
    name: 'command',
    values: Array(2).fill("python train.py --name 'a b'"),
    differs: false,
  });
  expect(lines.filter(({ differs }) => differs).map(({ name, values }) => [name, ...values])).toEqual([
    ['started', 't1700000000', 't1700000060'],
    ['dirty', 'true', 'false'],
    ['numpy', '2.0.0', '2.1.0'],
    ['torch', '2.13', ''],
  ]);
});

test('what nobody says has no line', () => {
  expect(linesOf([{ git: {} }], words)).toEqual([]);
  const git = { untracked: ['a', 'b'], untracked_count: 5 };
  expect(linesOf([{ cpu_count: 4, git }], words).map(({ values }) => values[0])).toEqual(['a\nb\n+ 3', '4']);
});

test.each([
  ['train.py', 'train.py'],
  ['--x=a b', "'--x=a b'"],
  ["it's", `'it'"'"'s'`],
  ['', "''"],
])('%j in a shell', (argument, text) => {
  expect(quoted(argument)).toBe(text);
});

test('lines of a diff', () => {
  const diff = 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-- a\n+b\n c\ndiff --git a/y b/y\n';
  expect(diffLines(diff).map(({ is }) => is)).toEqual([
    'file',
    'file',
    'file',
    'place',
    'removed',
    'added',
    'same',
    'file',
  ]);
});
