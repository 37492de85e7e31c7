// Suggested filters find what they name, and nothing else.
import { expect, test } from 'vitest';
import { suggest } from './suggest';

const tags = ['lr', 'loss (a+b)', 'train/loss', 'train/acc', 'train/layer1/grad', 'val/loss', 'val.x/loss'];
const names = (text: string): string[] => suggest(tags, text).map(({ name }) => name);

test('nothing typed: the folders', () => {
  expect(suggest(tags, '').map(({ name, count }) => [name, count])).toEqual([
    ['train/', 3],
    ['val/', 1],
    ['val.x/', 1],
  ]);
});

test('tags that begin with it come first', () => {
  expect(names('LOSS')).toEqual(['loss (a+b)', 'val/loss', 'train/loss', 'val.x/loss']);
  expect(names('tra')).toEqual(['train/', 'train/loss', 'train/acc', 'train/layer1/grad']);
});

test('below a folder that is written out, what it holds', () => {
  expect(names('^train/')).toEqual(['train/layer1/', 'train/loss', 'train/acc', 'train/layer1/grad']);
  expect(names('zzz')).toEqual([]);
});

test.each(['', 'loss', 'l', 'va', 'train/', 'lr|val', 'x+'])(
  'each filter suggested for “%s” is exact',
  (text) => {
    const start = text.slice(0, text.lastIndexOf('|') + 1);
    for (const { name, count, filter } of suggest(tags, text)) {
      expect(filter.startsWith(start)).toBe(true);
      const found = tags.filter((tag) => new RegExp(filter.slice(start.length)).test(tag));
      expect(found).toEqual(count === null ? [name] : tags.filter((tag) => tag.startsWith(name)));
      expect(suggest(tags, filter).some((again) => again.name === name) || count !== null).toBe(true);
    }
  },
);

test('of very many, a few', () => {
  const many = Array.from({ length: 5000 }, (_, at) => `folder${at % 700}/tag${at}`);
  expect(suggest(many, 'a').length).toBeLessThanOrEqual(10);
});
