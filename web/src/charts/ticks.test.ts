// Where ticks stand.
import { describe, expect, test } from 'vitest';
import { durationTicks, linearTicks, logTicks, stepTicks, symlogTicks, timeStep, wallTicks } from './ticks';

describe('linearTicks', () => {
  test.each([
    [[0, 1], 5, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [[0.02, 0.32], 3, [0.1, 0.2, 0.3]],
    [[-1, 1], 4, [-1, -0.5, 0, 0.5, 1]],
    [[3, 3], 5, [3]],
  ])('%j in about %i', (domain, count, ticks) => {
    expect(linearTicks(domain as [number, number], count)).toEqual(ticks);
  });

  test('stay few and inside for any span', () => {
    for (const span of [1e-300, 1e-9, 0.7, 13, 1e9, 1e300]) {
      const ticks = linearTicks([-span, span], 5);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(11);
      expect(ticks.every((tick) => Math.abs(tick) <= span * (1 + 1e-9))).toBe(true);
    }
  });

  test('end where floats end', () => {
    expect(linearTicks([-1.7e308, 1.7e308], 5).length).toBeGreaterThan(1);
    expect(linearTicks([1, 1 + Number.EPSILON], 5).length).toBeLessThan(20);
  });
});

test('stepTicks never stand between two steps', () => {
  expect(stepTicks([0, 3], 8)).toEqual([0, 1, 2, 3]);
});

describe('logTicks', () => {
  test('decades over many decades', () => {
    expect(logTicks([0.5, 2e4], 6)).toEqual([1, 10, 100, 1000, 10000]);
  });
  test('1, 2, 5 over few', () => {
    expect(logTicks([0.9, 60], 6)).toEqual([1, 2, 5, 10, 20, 50]);
  });
  test('something even within one decade', () => {
    expect(logTicks([3.1, 3.4], 4).length).toBeGreaterThanOrEqual(2);
  });
});

describe('times', () => {
  test.each([
    [10, 5, 2],
    [600, 5, 120],
    [7200, 5, 1800],
    [86400 * 3, 4, 86400],
  ])('%i seconds in %i parts have steps of %i seconds', (span, count, step) => {
    expect(timeStep(span, count)).toBe(step);
  });

  test('durations start at zero', () => {
    expect(durationTicks([0, 3600], 4)).toEqual([0, 900, 1800, 2700, 3600]);
  });

  test('wall times fall on round local hours', () => {
    const noon = new Date(2026, 2, 1, 12, 7).getTime() / 1000;
    const hours = wallTicks([noon, noon + 6 * 3600], 6).map((tick) => new Date(tick * 1000));
    expect(hours.map((moment) => moment.getMinutes())).toEqual(hours.map(() => 0));
    expect(hours[0].getHours()).toBe(13);
  });
});

test('a symmetric logarithmic axis has zero, decades of both signs, and none too close', () => {
  expect(symlogTicks([-1000, 1000], 8)).toEqual([-1000, -100, -10, 0, 10, 100, 1000]);
  expect(symlogTicks([-1000, 1000], 3)).toEqual([-1000, 0, 1000]);
  expect(symlogTicks([5, 6], 3).length).toBeGreaterThan(2);
});
