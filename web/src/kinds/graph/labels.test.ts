// Where labels stand: on their lines, and over as little else as can be.
import { expect, test } from 'vitest';
import { labelsOf } from './labels';
import type { Placed, Point, Rect, Route } from './layout';
import { treeOf } from './testing';

const tree = treeOf([
  { name: 'a', sizes: [8, 64] },
  { name: 'b', inputs: ['a'], sizes: [1] },
]);

function route(from: number, points: Point[], tensor = 0): Route {
  const bundle = { from, to: 1, edges: 1, tensors: 1, tensor, elements: 1, control: false };
  const segment = {
    id: String(from),
    from: { item: from, port: '' },
    to: { item: 1, port: '' },
    bundles: [bundle],
  };
  return { segment, points, box: -1, arrives: true, isMain: true };
}

const at = (x: number, y: number): Point => ({ x, y });

function placed(routes: Route[], boxes: [number, Rect][] = []): Placed {
  return { width: 400, height: 400, boxes: new Map(boxes), routes };
}

test('a label stands on its line, a little above the middle', () => {
  const [label, ...others] = labelsOf(tree, placed([route(0, [at(100, 0), at(100, 100)])]));
  expect(others).toEqual([]);
  expect(label.text).toBe('8×64');
  expect(label.x + label.width / 2).toBe(100);
  expect(label.y).toBe(45 - 6.5);
});

test('a label gives way to lines and boxes', () => {
  const mine = route(0, [at(100, 0), at(100, 200)]);
  const across = route(5, [at(0, 90), at(300, 90)], -1);
  const box: [number, Rect] = [7, { x: 110, y: 40, width: 50, height: 40 }];
  const [label] = labelsOf(tree, placed([mine, across], [box]));
  const isFree = (y: number): boolean => label.y > y || label.y + label.height < y;
  expect(isFree(90)).toBe(true);
  expect(label.y > 80 || label.y + label.height < 40).toBe(true);
});

test('where many lines run, no label hides them', () => {
  const mine = route(0, [at(100, 0), at(100, 60)]);
  const others = [...Array(20).keys()].map((i) => route(5 + i, [at(0, 3 * i), at(300, 3 * i)], -1));
  expect(labelsOf(tree, placed([mine, ...others]))).toEqual([]);
});

test('of edges that leave one box together, one tells the tensor', () => {
  const routes = [
    route(0, [at(100, 0), at(100, 60)]),
    route(0, [at(100, 0), at(100, 20), at(200, 20), at(200, 90)]),
  ];
  expect(labelsOf(tree, placed(routes))).toHaveLength(1);
});

test('no label stands on another', () => {
  const two = treeOf([
    { name: 'a', sizes: [64, 768] },
    { name: 'b', sizes: [1, 64, 768] },
  ]);
  const routes = [
    route(0, [at(0, 0), at(0, 14), at(50, 14), at(50, 36)], 0),
    route(5, [at(100, 0), at(100, 12), at(50, 12), at(50, 36)], 1),
  ];
  expect(labelsOf(two, placed(routes))).toHaveLength(1);
});
