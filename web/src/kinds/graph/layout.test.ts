// Layouts by the real engine: everything has its place, and lines lead from border to border.
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import type { ElkNode } from 'elkjs/lib/elk-api.js';
import { Layouter, type Placed, type Point, type Rect } from './layout';
import { makePlans } from './plan';
import { buildScene, firstExpanded, type Scene } from './scene';
import { blocks, itemOf, treeOf } from './testing';
import { NONE } from './tree';

const ELK = createRequire(import.meta.url)('elkjs/lib/elk.bundled.js') as new () => {
  layout: (graph: ElkNode) => Promise<ElkNode>;
};
const elk = new ELK();
const never = new AbortController().signal;

function layouter(asked: { count: number } = { count: 0 }): Layouter {
  const engine = (graph: ElkNode): Promise<ElkNode> => {
    asked.count++;
    return elk.layout(structuredClone(graph));
  };
  return new Layouter(
    engine,
    () => ({ width: 90, height: 30 }),
    () => 150,
  );
}

const inside = (inner: Rect, outer: Rect): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;
const apart = (a: Rect, b: Rect): boolean =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

function expectSound(scene: Scene, placed: Placed): void {
  const whole = { x: 0, y: 0, width: placed.width, height: placed.height };
  for (const [box, children] of scene.inside) {
    const rects = children.map((child) => placed.boxes.get(child) as Rect);
    const outer = box === NONE ? whole : (placed.boxes.get(box) as Rect);
    rects.forEach((rect, i) => {
      expect(inside(rect, outer)).toBe(true);
      for (const other of rects.slice(i + 1)) expect(apart(rect, other)).toBe(true);
    });
  }
}

function expectOn(placed: Placed, item: number, point: Point, side: 'top' | 'bottom'): void {
  const rect = placed.boxes.get(item) as Rect;
  expect(point.y).toBeCloseTo(side === 'top' ? rect.y : rect.y + rect.height, 1);
  // Each box of the chain has one line in and one out.
  expect(point.x).toBeCloseTo(rect.x + rect.width / 2, 1);
}

test('an edge is cut where it crosses the border of an open box', () => {
  const tree = treeOf(blocks(3));
  const h = itemOf(tree, 'net/h');
  const first = itemOf(tree, 'net/h/0');
  const plans = makePlans(buildScene(tree, new Set([h, first])));
  const said = (box: number): string[] => (plans.get(box)?.segments ?? []).map(({ id }) => id);
  const x = itemOf(tree, 'x');
  const norm = itemOf(tree, 'net/h/0/norm');
  const mul = itemOf(tree, 'net/h/0/mul');
  const [second, third] = [itemOf(tree, 'net/h/1'), itemOf(tree, 'net/h/2')];
  expect(said(NONE)).toEqual([`${x}.>${h}.int${x}`, `${h}.outt${third}>${itemOf(tree, 'y')}.`]);
  expect(said(h)).toEqual([
    `${h}.int${x}>${first}.int${x}`,
    `${first}.outt${mul}>${second}.`,
    `${second}.>${third}.`,
    `${third}.>${h}.outt${third}`,
  ]);
  expect(said(first)).toEqual([
    `${first}.int${x}>${norm}.`,
    `${norm}.>${mul}.`,
    `${mul}.>${first}.outt${mul}`,
  ]);
});

test.each([0, 2, 6])('boxes lie in their boxes and beside each other, with %d blocks open', async (open) => {
  const tree = treeOf(blocks(6), { fold: false });
  const blocksOpen = [...Array(open).keys()].map((i) => itemOf(tree, `net/h/${i}`));
  const scene = buildScene(tree, new Set([itemOf(tree, 'net/h'), ...blocksOpen]));
  const placed = await layouter().place(scene, never);
  expect(placed.boxes.size).toBe(scene.count);
  expectSound(scene, placed);
  // Nothing is left without its line, and the pieces of one meet at the borders.
  expect(placed.routes.filter((route) => route.arrives)).toHaveLength(scene.bundles.length);
  for (const { segment, points, arrives } of placed.routes) {
    if (segment.from.port === '') expectOn(placed, segment.from.item, points[0], 'bottom');
    if (arrives) expectOn(placed, segment.to.item, points[points.length - 1], 'top');
  }
  const ends = placed.routes.filter((route) => !route.arrives).map(({ points }) => points[points.length - 1]);
  const starts = placed.routes.map(({ points }) => points[0]);
  for (const end of ends) {
    expect(starts.some(({ x, y }) => Math.abs(x - end.x) < 0.6 && Math.abs(y - end.y) < 0.6)).toBe(true);
  }
});

test('what was laid out once is known', async () => {
  const tree = treeOf(blocks(6), { fold: false });
  const asked = { count: 0 };
  const mine = layouter(asked);
  const h = itemOf(tree, 'net/h');
  await mine.place(buildScene(tree, new Set([h])), never);
  expect(asked.count).toBe(2);
  await mine.place(buildScene(tree, new Set([h, itemOf(tree, 'net/h/3')])), never);
  const withOpen = asked.count;
  expect(withOpen).toBe(5);
  await mine.place(buildScene(tree, new Set([h])), never);
  expect(asked.count).toBe(withOpen);
});

test('a cycle is laid out as well', async () => {
  const tree = treeOf([
    { name: 'a', op: 'A', inputs: ['c'] },
    { name: 'b', op: 'B', inputs: ['a'] },
    { name: 'c', op: 'C', inputs: ['b'] },
  ]);
  const scene = buildScene(tree, firstExpanded(tree));
  const placed = await layouter().place(scene, never);
  expectSound(scene, placed);
  expect(placed.routes).toHaveLength(3);
});
