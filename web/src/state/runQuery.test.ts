// Queries that menus write say what was chosen, whatever the tag is called.
import { expect, test } from 'vitest';
import { hasBest, looksLikeQuery, quoted, withBest, withoutBest } from './runQuery';

test.each([
  ['loss', 'loss'],
  ['val/loss.min', 'val/loss.min'],
  ['a-b+c', 'a-b+c'],
  ['val loss', '"val loss"'],
  ['2conv', '"2conv"'],
  ['a "b" \\c', '"a \\"b\\" \\\\c"'],
  ['损失', '"损失"'],
  ['best', '"best"'],
  ['a.', '"a."'],
])('the tag %s is written %s', (tag, written) => expect(quoted(tag)).toBe(written));

test('the best are asked for beside the rest, and no longer', () => {
  const best = { count: 5, tag: 'val loss', statistic: 'min', lowest: true } as const;
  const query = withBest('name ~ "vit"', best);
  expect(query).toBe('name ~ "vit" best 5 by "val loss".min lowest');
  expect(withBest(query, { ...best, count: 2, tag: 'acc', statistic: 'max', lowest: false })).toBe(
    'name ~ "vit" best 2 by acc.max highest',
  );
  expect([withoutBest(query), withoutBest('best 1 by a'), withoutBest('x > 1 and best 1 by a.max')]).toEqual([
    'name ~ "vit"',
    '',
    'x > 1',
  ]);
  expect([hasBest(query), hasBest('name = best')]).toEqual([true, false]);
});

test('a regular expression is no query', () => {
  for (const text of ['loss < 3', 'name ~ "vit"', 'a.min >= 0', 'best 3 by loss'])
    expect(looksLikeQuery(text), text).toBe(true);
  for (const text of ['lr=0.1', 'a|b', '(?<=x)', '^best', 'run 3', '(?!a)'])
    expect(looksLikeQuery(text), text).toBe(false);
});
