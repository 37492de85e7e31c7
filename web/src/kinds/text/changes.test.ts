// Differences: put together they give back both texts.
import { expect, test } from 'vitest';
import { changes, isSame } from './changes';

test.each([
  ['a\nb\nc\n', 'a\nB\nc\n'],
  ['the quick fox', 'the slow fox'],
  ['', 'new'],
  ['gone', ''],
  ['same', 'same'],
])('%j to %j', (before, after) => {
  const pieces = changes(before, after) ?? [];
  const without = (kind: string) => pieces.filter((piece) => piece.kind !== kind).map(({ text }) => text);
  expect(without('added').join('')).toBe(before);
  expect(without('removed').join('')).toBe(after);
  expect(isSame(pieces)).toBe(before === after);
});

test('only the words that changed are marked', () => {
  expect(changes('the quick fox', 'the slow fox')).toEqual([
    { kind: 'same', text: 'the ' },
    { kind: 'removed', text: 'quick' },
    { kind: 'added', text: 'slow' },
    { kind: 'same', text: ' fox' },
  ]);
});
