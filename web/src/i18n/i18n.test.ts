// Both languages say everything, with the same holes to fill.
import { expect, test } from 'vitest';
import { en, type Key } from './en';
import { zh } from './zh';

const holes = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();

test.each(Object.keys(en) as Key[])('%s', (key) => {
  expect(zh[key]).not.toBe('');
  expect(holes(zh[key])).toEqual(holes(en[key]));
});
