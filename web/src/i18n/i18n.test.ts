// Both languages say everything, with the same holes to fill, and no two parts of the page claim one key.
import { expect, test } from 'vitest';
import { CHINESE, ENGLISH, type Key } from './catalogue';

const holes = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();

test.each(Object.keys(ENGLISH) as Key[])('%s', (key) => {
  expect(CHINESE[key]).not.toBe('');
  expect(holes(CHINESE[key])).toEqual(holes(ENGLISH[key]));
});

test('each text stands in one part only', () => {
  const parts = import.meta.glob('./{en,entries,settings,kinds/*}.ts', { eager: true });
  const keys = Object.values(parts).flatMap((part) =>
    Object.values(part as Record<string, object>).flatMap((said) =>
      Object.keys('en' in said ? (said.en as object) : said),
    ),
  );
  expect(keys.length).toBe(Object.keys(ENGLISH).length);
  expect(new Set(keys).size).toBe(keys.length);
});
