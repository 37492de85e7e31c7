// The answer that the server's tests fix, the dictionary there and back, and what expressions find.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeColumns } from '../../api/payload';
import { decodeLayout, fromDictionary, toDictionary } from './layout';
import { findTags } from './matching';

const golden = decodeColumns<{ charts: unknown[] }>(
  Uint8Array.from(readFileSync('../tests/kinds/custom_scalars.golden.bin')).buffer,
);
const { categories } = decodeLayout({ chart: golden.header.charts[0], columns: [] });

test('the golden answer becomes the dictionary that was logged', () => {
  expect(JSON.parse(toDictionary(categories))).toEqual({
    losses: {
      all: ['Multiline', ['loss/.*', '损失']],
      error: ['Margin', ['a', 'a/low', 'a/high', 'b', 'c', 'd']],
    },
    others: { accuracy: ['Multiline', ['acc']] },
  });
  expect(fromDictionary(toDictionary(categories))).toEqual(categories);
});

test('the dictionary as Python writes it', () => {
  const text = `{'a "b"': {'it\\'s': ('Multiline', ['x(1)', "y, )",]), }, }`;
  expect(fromDictionary(text)).toEqual([
    {
      title: 'a "b"',
      is_closed: false,
      charts: [{ title: "it's", expressions: ['x(1)', 'y, )'], bands: [] }],
    },
  ]);
});

test.each([
  ['[1]', 'the layout: want {'],
  ['{"a": 1}', 'a: want {'],
  ['{"a": {"b": ["Pie", ["x"]]}}', 'b: got Pie, want "Multiline" or "Margin"'],
  ['{"a": {"b": ["Margin", ["x"]]}}', 'b: got 1 tags, want value, lower, upper'],
  ['{"a": {"b": ["Multiline", "x"]}}', 'b: want ["Multiline"'],
  ['{"a": {"b": ["Multiline", []]}}', 'b: want ["Multiline"'],
  ['{', 'JSON'],
])('%s is refused', (text, reason) => {
  expect(() => fromDictionary(text)).toThrow(reason);
});

const TAGS = ['loss/train', 'loss/valid', 'Loss', 'acc', 'the loss', 'x-loss'];

test.each([
  ['loss', ['loss/train', 'loss/valid']], // from the beginning on, not to the end
  ['loss/.*n$', ['loss/train']],
  ['(?i)loss', ['loss/train', 'loss/valid', 'Loss']],
  ['(?P<first>.)cc', ['acc']],
  ['\\Aacc\\Z', ['acc']],
  ['a|L', ['Loss', 'acc']],
  ['x\\-', ['x-loss']],
  ['none', []],
  ['(', null],
])('%s finds %j', (expression, want) => {
  expect(findTags([expression], TAGS)).toEqual([want]);
});
