// Cameras, hits, and the SVG file.
import { expect, test } from 'vitest';
import { firstLook, fit, toPicture, zoomAt } from './camera';
import { mix } from './colours';
import { boxAt, nextBox } from './hit';
import type { Placed } from './layout';
import { fitted } from './measure';
import { escape, SvgPen } from './pen';
import { fileName } from './export';

test('a zoom keeps what is under the pointer', () => {
  const camera = { x: 100, y: 50, zoom: 0.5 };
  const before = toPicture(camera, 30, 40);
  expect(toPicture(zoomAt(camera, 30, 40, 1.7), 30, 40)).toEqual({
    x: expect.closeTo(before.x, 9) as number,
    y: expect.closeTo(before.y, 9) as number,
  });
});

test('everything fits, and a sliver is shown readably from its top', () => {
  const tall = { x: 0, y: 0, width: 200, height: 20_000 };
  const whole = fit(tall, 800, 600);
  expect((tall.height - whole.y) * whole.zoom).toBeLessThanOrEqual(600);
  const first = firstLook(tall, 800, 600);
  expect(first.zoom).toBe(0.85);
  // Below what lies over the upper edge.
  expect(first.y * first.zoom).toBeCloseTo(-56);
  const less = { x: 0, y: 0, width: 200, height: 680 };
  const between = firstLook(less, 800, 600);
  expect([(0 - between.y) * between.zoom, (680 - between.y) * between.zoom]).toEqual([
    expect.closeTo(56),
    expect.closeTo(544),
  ]);
  expect(firstLook({ x: 0, y: 0, width: 10, height: 10 }, 800, 600).zoom).toBe(1);
});

const PLACED: Placed = {
  width: 100,
  height: 100,
  boxes: new Map([
    [1, { x: 0, y: 0, width: 100, height: 100 }],
    [2, { x: 10, y: 10, width: 20, height: 10 }],
    [3, { x: 10, y: 50, width: 20, height: 10 }],
    [4, { x: 60, y: 50, width: 20, height: 10 }],
  ]),
  routes: [],
};

test('the innermost box is hit, and arrows find the next', () => {
  expect([
    boxAt(PLACED, { x: 15, y: 15 }),
    boxAt(PLACED, { x: 50, y: 15 }),
    boxAt(PLACED, { x: -1, y: 0 }),
  ]).toEqual([2, 1, null]);
  const isOpen = (item: number): boolean => item === 1;
  expect(nextBox(PLACED, 2, 'down', isOpen)).toBe(3);
  expect(nextBox(PLACED, 3, 'right', isOpen)).toBe(4);
  expect(nextBox(PLACED, 4, 'left', isOpen)).toBe(3);
  expect(nextBox(PLACED, 2, 'up', isOpen)).toBe(null);
});

test('names from a log never become markup', () => {
  const pen = new SvgPen();
  pen.text(0, 0, '<script>"&\u0000', { colour: '#000000', size: 12 });
  const file = pen.finish(0, 0, 10, 10, '#ffffff');
  expect(file).toContain('&lt;script&gt;&quot;&amp;\ufffd</text>');
  expect(escape('\ud800')).toBe('\ufffd');
  expect(fileName('../a b/<c>.x')).toBe('a-b-c-.x');
  expect(fileName('///')).toBe('graph');
});

test('the SVG has what was drawn', () => {
  const pen = new SvgPen();
  pen.box(1, 2, 3, 4.004, 1, '#ffffff', { colour: '#123456', width: 1 });
  pen.line(
    [
      { x: 0, y: 0 },
      { x: 0, y: 20 },
      { x: 20, y: 20 },
    ],
    5,
    { colour: '#000000', width: 2, dash: [1, 2] },
  );
  const file = pen.finish(0, 0, 30, 30, '#ffffff');
  expect(file).toContain('<rect x="1" y="2" width="3" height="4" rx="1" fill="#ffffff" stroke="#123456"');
  expect(file).toContain('d="M0 0L0 15Q0 20 5 20L20 20"');
});

test('colours are mixed channel by channel', () => {
  expect(mix('#000000', '#ff8000', 0.5)).toBe('#804000');
  expect(mix('#ffffff', '#000000', 0)).toBe('#ffffff');
});

test('a text that is too wide loses its end', () => {
  const measure = (text: string): number => text.length * 10;
  expect(fitted('convolution', 60, 12, 400, measure)).toBe('convo…');
  expect(fitted('conv', 60, 12, 400, measure)).toBe('conv');
  expect(fitted('conv', 5, 12, 400, measure)).toBe('');
});
