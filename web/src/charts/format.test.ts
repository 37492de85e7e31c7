// How numbers and times are written.
import { describe, expect, test } from 'vitest';
import {
  durationLabels,
  formatDuration,
  formatStep,
  formatValue,
  logLabels,
  tickLabels,
  wallLabels,
} from './format';

describe('tickLabels', () => {
  test.each([
    [
      [0, 0.5, 1],
      ['0.0', '0.5', '1.0'],
    ],
    [
      [0, 1, 2],
      ['0', '1', '2'],
    ],
    [
      [-0.02, 0, 0.02],
      ['−0.02', '0.00', '0.02'],
    ],
    [
      [0.99991, 0.99992, 0.99993],
      ['0.99991', '0.99992', '0.99993'],
    ],
    [
      [0, 2e6, 4e6],
      ['0', '2e6', '4e6'],
    ],
    [
      [0, 5e-7, 1e-6],
      ['0', '5e−7', '1e−6'],
    ],
    [
      [1000000, 1000001, 1000002],
      ['1.000000e6', '1.000001e6', '1.000002e6'],
    ],
  ])('%j', (ticks, labels) => expect(tickLabels(ticks)).toEqual(labels));

  test('are all different, however close', () => {
    for (const base of [0, 1, 1e-12, 12345, 1e9]) {
      for (const gap of [1e-3, 0.25, 10]) {
        const ticks = [0, 1, 2, 3].map((i) => base + i * gap);
        expect(new Set(tickLabels(ticks)).size).toBe(4);
      }
    }
  });
});

test('logLabels', () => {
  expect(logLabels([0.00001, 0.1, 1, 1e8])).toEqual(['1e−5', '0.1', '1', '1e8']);
  expect(new Set(logLabels([3.14, 3.141, 3.142])).size).toBe(3);
});

test.each([
  [0.123456789, '0.123457'],
  [-2.5, '−2.5'],
  [0, '0'],
  [123456, '123456'],
  [1.5e-7, '1.5e−7'],
  [1.5e10, '1.5e10'],
  [NaN, 'NaN'],
  [Infinity, '+∞'],
  [-Infinity, '−∞'],
])('formatValue(%d) is %s', (value, text) => expect(formatValue(value)).toBe(text));

test('formatStep groups thousands', () => {
  expect(formatStep(1234567, 'en-GB')).toBe('1,234,567');
  expect(formatStep(-3, 'en-GB')).toBe('−3');
});

test.each([
  [0, '0s'],
  [12.5, '12.5s'],
  [75, '1m 15s'],
  [3723, '1h 02m 03s'],
  [200000, '2d 07h 33m'],
  [-75, '−1m 15s'],
])('formatDuration(%d) is %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));

test('durationLabels share one unit', () => {
  expect(durationLabels([0, 900, 1800])).toEqual(['0', '15m', '30m']);
  expect(durationLabels([0, 1800, 3600, 5400, 7200])).toEqual(['0', '0.5h', '1h', '1.5h', '2h']);
});

test('wallLabels name the day at midnight', () => {
  const midnight = new Date(2026, 2, 1).getTime() / 1000;
  expect(wallLabels([midnight - 3600, midnight, midnight + 3600], 'en-GB')).toEqual([
    '23:00',
    '1 Mar',
    '01:00',
  ]);
});
