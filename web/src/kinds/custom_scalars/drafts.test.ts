// The form there and back, and what it refuses.
import { expect, test } from 'vitest';
import { draftsOf, layoutOf } from './drafts';
import { fromDictionary } from './layout';

const text =
  '{"a": {"x": ["Multiline", ["l.*", "m"]], "y": ["Margin", ["v", "l", "u"]]}, "b": {"x": ["Multiline", ["n"]]}}';

test('a layout becomes drafts, and they the layout', () => {
  const drafts = draftsOf(fromDictionary(text));
  expect(drafts.map(({ category, title, margin, tags }) => [category, title, margin, tags])).toEqual([
    ['a', 'x', false, 'l.*\nm'],
    ['a', 'y', true, 'v\nl\nu'],
    ['b', 'x', false, 'n'],
  ]);
  expect(layoutOf(drafts)).toEqual(fromDictionary(text));
});

test('empty lines do not count; two charts of one title and charts without tags are refused', () => {
  const draft = { category: 'a', title: 'x', margin: false, tags: '\n l \n\n' };
  expect(layoutOf([draft])[0].charts[0].expressions).toEqual([' l ']);
  expect(() => layoutOf([draft, draft])).toThrow('two charts have the title x');
  expect(() => layoutOf([{ ...draft, tags: ' ' }])).toThrow('x: want');
  expect(() => layoutOf([{ ...draft, margin: true }])).toThrow('x: got 1 tags, want value, lower, upper');
});
