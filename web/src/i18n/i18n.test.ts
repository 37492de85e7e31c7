// Both languages say everything, with the same holes to fill, and no two parts of the page claim one key.
import { expect, test } from 'vitest';
import { CHINESE, ENGLISH, type Key } from './catalogue';
import { whole } from './whole';

const holes = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();

test.each(Object.keys(ENGLISH) as Key[])('%s', (key) => {
  expect(CHINESE[key]).not.toBe('');
  expect(holes(CHINESE[key])).toEqual(holes(ENGLISH[key]));
});

test('each text stands in one part only', () => {
  const parts = import.meta.glob('./{en,compared,entries,run_query,settings,manage,workspaces,kinds/*}.ts', {
    eager: true,
  });
  const keys = Object.values(parts).flatMap((part) =>
    Object.values(part as Record<string, object>).flatMap((said) =>
      Object.keys('en' in said ? (said.en as object) : said),
    ),
  );
  expect(keys.length).toBe(Object.keys(ENGLISH).length);
  expect(new Set(keys).size).toBe(keys.length);
});

test.each([0, 7, 999, 1000, 10_000, 123_456, 1_234_567, 10 ** 12])('%d as Intl writes it', (value) => {
  for (const locale of ['en-GB', 'zh-CN']) expect(whole(value)).toBe(value.toLocaleString(locale));
});
