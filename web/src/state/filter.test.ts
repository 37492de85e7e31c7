// Filters while they are being typed.
import { expect, test } from 'vitest';
import { compileFilter, matches, NO_FILTER } from './filter';

test('an unfinished expression keeps the last valid one', () => {
  const valid = compileFilter('adam');
  const unfinished = compileFilter('adam(', valid);
  expect(unfinished.error).toMatch(/group/i);
  expect(matches(unfinished, 'mnist/adam')).toBe(true);
  expect(matches(unfinished, 'mnist/sgd')).toBe(false);
});

test('case does not matter, and nothing typed matches everything', () => {
  expect(matches(compileFilter('ADAM'), 'adam')).toBe(true);
  expect(matches(NO_FILTER, 'anything')).toBe(true);
});
