// Bookmarks go into a file and come back; other files are refused.
import { expect, test } from 'vitest';
import { fromJson, joined, toJson, type Bookmark } from './bookmarks';
import { DEFAULT_LOOK } from './look';

const ONE: Bookmark = { name: 'one', looks: [{ ...DEFAULT_LOOK, method: 'umap', selected: [1, 2] }] };
const TWO: Bookmark = { name: 'two', looks: [DEFAULT_LOOK, ...ONE.looks] };

test('bookmarks come back from a file', () => {
  expect(fromJson(toJson([ONE, TWO]))).toEqual([ONE, TWO]);
});

test('other files hold none, and wrong ones are left out', () => {
  for (const text of ['', '[]', 'null', '{"bookmarks":[]}', '<html>']) expect(fromJson(text)).toBeNull();
  const odd = toJson([ONE, null, { name: 1 }, { name: 'x', looks: [] }] as unknown as Bookmark[]);
  expect(fromJson(odd)).toEqual([ONE]);
});

test('a bookmark of the same name is replaced', () => {
  const newer = { ...ONE, looks: TWO.looks };
  expect(joined([ONE, TWO], [newer])).toEqual([newer, TWO]);
});
