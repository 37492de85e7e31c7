// Shapes of texts, and the golden answer.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeColumns } from '../../api/payload';
import { joined, linesOf, shapeOf, shown, tableOf, type Said } from './data';

const said = (shape: number[], ...cells: string[]): Said => ({
  error: null,
  shape,
  cells,
  letters: cells.join('').length,
});

test('the golden answer: a text, a table, one that was cut', () => {
  const bytes = Uint8Array.from(readFileSync('../tests/kinds/text.golden.bin'));
  const { header } = decodeColumns<{ charts: Said[] }>(bytes.buffer);
  expect(header.charts.map((each) => [shapeOf(each), joined(each), shown(each) < each.letters])).toEqual([
    ['markdown', '# 标题\n**bold**', false],
    ['table', 'a\tb\nc\td', false],
    ['markdown', 'long', true],
  ]);
});

test.each([
  [said([], '# hello'), 'markdown'],
  [said([1], '{"a": 1}'), 'json'],
  [said([1], '{"a": 1'), 'markdown'],
  [said([1], '[link](x)'), 'markdown'],
  [said([2], 'a', 'b'), 'table'],
  [said([0]), 'markdown'],
] as const)('%j is %s', (text, shape) => {
  expect(shapeOf(text)).toBe(shape);
});

test('of more than two dimensions a table shows the first slice', () => {
  expect(tableOf(said([2, 2, 1], 'a', 'b', 'c', 'd'))).toEqual([['a'], ['b']]);
  expect(tableOf(said([3], 'a', 'b', 'c'))).toEqual([['a'], ['b'], ['c']]);
});

test('very long lines are broken', () => {
  expect(linesOf(`a\n${'x'.repeat(4500)}\n`).map((line) => line.length)).toEqual([1, 2000, 2000, 500, 0]);
});
