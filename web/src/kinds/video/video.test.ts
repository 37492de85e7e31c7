// Frames and times of videos, and what the server says of them.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeColumns } from '../../api/payload';
import { frameAt, lengthOf, timeOfStep, type Info } from './data';

const TIMES = [0, 0.1, 0.2, 0.6];

test.each([
  [0, 0],
  [0.099, 0],
  [0.1, 1],
  [0.59, 2],
  [9, 3],
])('at %s s frame %d is shown', (seconds, frame) => {
  expect(frameAt(TIMES, seconds)).toBe(frame);
});

test('a step goes to the middle of the next frame, and stops at both ends', () => {
  expect(timeOfStep(TIMES, 0.05, 1)).toBeCloseTo(0.15);
  expect(timeOfStep(TIMES, 0.15, 1)).toBeCloseTo(0.4);
  expect(timeOfStep(TIMES, 0.4, -1)).toBeCloseTo(0.15);
  expect(frameAt(TIMES, timeOfStep(TIMES, 0.7, 1))).toBe(3);
  expect(frameAt(TIMES, timeOfStep(TIMES, 0, -1))).toBe(0);
  expect(timeOfStep([], 1, 1)).toBeCloseTo(1 + 1 / 30);
});

test('a recorded stream lasts as long as its frames', () => {
  expect(lengthOf(2, TIMES)).toBe(2);
  expect(lengthOf(Infinity, TIMES)).toBeCloseTo(1);
  expect(lengthOf(Infinity, [0])).toBeCloseTo(1 / 30);
  expect(lengthOf(Infinity, [])).toBeNull();
});

test("the server's answer", () => {
  const golden = readFileSync(new URL('../../../../tests/kinds/video.golden.bin', import.meta.url));
  const { header } = decodeColumns<{ charts: Info[] }>(new Uint8Array(golden).buffer);
  const [whole, cut] = header.charts;
  expect(whole.samples[0].times).toHaveLength(24);
  expect(frameAt(whole.samples[0].times, 1)).toBe(12);
  expect(cut.samples).toEqual([]);
  expect(cut.error).toContain('video: ');
});
