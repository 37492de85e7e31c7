// Folding, setting aside, and what is seen of a tree.
import { expect, test } from 'vitest';
import { ASIDE } from './aside';
import { allBeneath, buildScene, firstExpanded } from './scene';
import { blocks, graphOf, itemOf, treeOf, type NodeMade } from './testing';
import { ancestors, NONE, shownChildren, subtitleOf, titleOf, type Tree } from './tree';

const titles = (tree: Tree, item = NONE): string[] =>
  shownChildren(tree, item).map((child) => titleOf(tree, child));
const reason = (tree: Tree, path: string): string => ASIDE[tree.aside[itemOf(tree, path)]];

test('numbered blocks that are alike are one series', () => {
  const tree = treeOf(blocks(12));
  const h = itemOf(tree, 'net/h');
  expect(titles(tree, h)).toEqual(['h 0…11']);
  const [series] = shownChildren(tree, h);
  expect(tree.groups.get(series)?.members).toHaveLength(12);
  expect(titles(tree, series)).toEqual([...Array(12).keys()].map(String));
  expect([tree.parameters[series], tree.flops[series], tree.nodes[series]]).toEqual([768, 120, 36]);
});

test('three are too few, and so are blocks that differ or whose numbers are apart', () => {
  expect(treeOf(blocks(3)).groups.size).toBe(0);
  expect(treeOf(blocks(12), { fold: false }).groups.size).toBe(0);
  const other = [...blocks(5), { name: 'net/h/2/more', op: 'Relu', inputs: ['net/h/2/mul'] }];
  expect(treeOf(other).groups.size).toBe(0);
  const apart = blocks(8).filter(({ name }) => !name.startsWith('net/h/3'));
  expect([...treeOf(apart).groups.values()].map((group) => group.title)).toEqual(['h 4…7']);
});

test('operations need one more, and numbers of torch mean nothing', () => {
  const relus = (count: number): NodeMade[] =>
    [...Array(count).keys()].map((i) => ({ name: `relu_${i}`, op: 'Relu' }));
  expect(titles(treeOf(relus(4)))).toHaveLength(4);
  expect(titles(treeOf(relus(5)))).toEqual(['relu 0…4']);
  const torch = [...Array(9).keys()].map((i) => ({ name: `net/${i}`, op: 'aten::relu' }));
  expect(treeOf(torch).groups.size).toBe(0);
});

test('a flat mass is cut into parts of parts', () => {
  const tree = treeOf([...Array(10_000).keys()].map((i) => ({ name: `op${i}x`, op: `Op${i % 7}` })));
  expect(titles(tree).length).toBeLessThanOrEqual(160);
  expect(titles(tree)[0]).toBe('1…80');
  const letters = (i: number): string =>
    String.fromCharCode(97 + (i % 26), 97 + (Math.floor(i / 26) % 26)) + i;
  const deep = treeOf([...Array(30_000).keys()].map((i) => ({ name: letters(i) })));
  expect(titles(deep)).toEqual(['1…6400', '6401…12800', '12801…19200', '19201…25600', '25601…30000']);
  expect(deep.nodes[shownChildren(deep, NONE)[0]]).toBe(6400);
});

test('a series of very many is cut into parts, too', () => {
  const tree = treeOf([...Array(1000).keys()].map((i) => ({ name: `op${i}`, op: 'Relu', parameters: 2 })));
  const [series] = shownChildren(tree, NONE);
  expect(titles(tree)).toEqual(['op 0…999']);
  expect(tree.groups.get(series)?.count).toBe(1000);
  expect(titles(tree, series)).toHaveLength(13);
  expect([subtitleOf(tree, series), tree.parameters[series], tree.nodes[series]]).toEqual([
    'Relu',
    2000,
    1000,
  ]);
});

test('a scope of one thing gives way to it', () => {
  const tree = treeOf([{ name: 'input/a/x' }, { name: 'net/p' }, { name: 'net/q' }]);
  expect(titles(tree)).toEqual(['input/a/x', 'net']);
  expect([...ancestors(tree, itemOf(tree, 'input/a/x'))]).toEqual([]);
});

test('constants, weights, summaries, initialisers and what only works on them are set aside', () => {
  const tree = treeOf([
    { name: 'x', op: 'IO Node' },
    { name: 'net/c', op: 'prim::Constant' },
    { name: 'net/list', op: 'prim::ListConstruct', inputs: ['net/c', 'net/c'] },
    { name: 'net/both', op: 'prim::ListConstruct', inputs: ['net/c', 'x'] },
    { name: 'net/w', op: 'Parameter', role: 'parameter' },
    { name: 'net/size', op: 'aten::size', inputs: ['x'] },
    { name: 'net/half', op: 'aten::floor_divide', inputs: ['net/size', 'net/c'] },
    { name: 'net/conv', op: 'aten::conv2d', inputs: ['x', 'net/list', 'net/w'] },
    { name: 'Initializer/zeros', op: 'Fill' },
    { name: 'loss', op: 'ScalarSummary', inputs: ['net/conv'] },
    { name: 'weights/only', op: 'prim::GetAttr' },
  ]);
  expect(['net/c', 'net/list', 'net/half'].map((path) => reason(tree, path))).toEqual(
    Array(3).fill('constant'),
  );
  expect(reason(tree, 'net/w')).toBe('parameter');
  expect(reason(tree, 'net/size')).toBe('shape');
  expect(reason(tree, 'Initializer/zeros')).toBe('initialiser');
  expect(reason(tree, 'loss')).toBe('summary');
  expect(titles(tree)).toEqual(['x', 'net']);
  expect(titles(tree, itemOf(tree, 'net'))).toEqual(['ListConstruct', 'conv2d']);
});

test('what is chosen overrules, and everything can be shown', () => {
  const nodes = [
    { name: 'c', op: 'Const' },
    { name: 'r', op: 'Relu', inputs: ['c'] },
  ];
  expect(titles(treeOf(nodes))).toEqual(['r']);
  expect(titles(treeOf(nodes, { showAside: true }))).toEqual(['c', 'r']);
  expect(
    titles(
      treeOf(nodes, {
        chosen: new Map([
          [0, false],
          [1, true],
        ]),
      }),
    ),
  ).toEqual(['c']);
});

test('a module that no edge touches did not run', () => {
  const tree = treeOf([
    { name: 'net/fc', op: 'Linear', role: 'module', inputs: ['net/in'] },
    { name: 'net/unused', op: 'Dropout', role: 'module' },
    { name: 'net/in', op: 'IO Node', role: 'input' },
  ]);
  expect(titles(tree, itemOf(tree, 'net'))).toEqual(['fc', 'in']);
  expect(subtitleOf(tree, itemOf(tree, 'net/fc'))).toBe('Linear');
});

test('what a module says of itself goes before the sum of its parts', () => {
  const tree = treeOf([
    { name: 'net', role: 'module', op: 'Net', parameters: 10, flops: NaN },
    { name: 'net/a', op: 'A', parameters: 8, flops: 5, inputs: ['net/b'] },
    { name: 'net/b', op: 'B', parameters: 8, flops: 6 },
  ]);
  expect([tree.parameters[0], tree.flops[0]]).toEqual([10, 11]);
});

test('edges are bundled per pair of boxes that are seen', () => {
  const tree = treeOf(blocks(3));
  const closed = buildScene(tree, new Set());
  const shown = (scene: typeof closed): string[] =>
    scene.bundles.map(({ from, to, edges }) => `${titleOf(tree, from)} ${titleOf(tree, to)} ${edges}`);
  expect(shown(closed)).toEqual(['x net/h 1', 'net/h y 1']);
  const open = buildScene(tree, new Set([itemOf(tree, 'net/h')]));
  expect(shown(open)).toEqual(['x 0 1', '0 1 1', '1 2 1', '2 y 1']);
  expect(open.count).toBe(6);
  expect(open.shownAs[itemOf(tree, 'net/h/1/norm')]).toBe(itemOf(tree, 'net/h/1'));
  expect(open.shownAs[itemOf(tree, 'net/h/1/w')]).toBe(NONE);
});

test('an edge between a module and what is in it is not drawn while it is open', () => {
  const tree = treeOf([
    { name: 'net', op: 'Net', role: 'module', inputs: ['net/a'] },
    { name: 'net/a', op: 'A' },
    { name: 'net/b', op: 'B', inputs: ['net', 'net/a'] },
  ]);
  const { bundles } = buildScene(tree, new Set([itemOf(tree, 'net')]));
  expect(bundles.map(({ from, to }) => [titleOf(tree, from), titleOf(tree, to)])).toEqual([['a', 'b']]);
});

test('a bundle tells its tensors', () => {
  const tree = treeOf([
    { name: 'a/p', sizes: [2, 3] },
    { name: 'a/q', sizes: [4] },
    { name: 'b/r', inputs: ['a/p', 'a/p', 'a/q'] },
    { name: 'b/s', inputs: ['^a/q'] },
    { name: 'c', inputs: ['^a/q'] },
    { name: 'd', inputs: ['a/p'] },
  ]);
  const { bundles } = buildScene(tree, new Set());
  expect(
    bundles.map(({ edges, tensors, tensor, elements, control }) => [
      edges,
      tensors,
      tensor,
      elements,
      control,
    ]),
  ).toEqual([
    [4, 2, -1, 6, false],
    [1, 0, -2, 0, true],
    [1, 1, 0, 6, false],
  ]);
});

test('scopes are opened while the whole stays a screenful', () => {
  const wide = [...Array(100).keys()].map((i) => ({
    name: `net/big/op${'abcdefgh'[i % 8]}${i}z`,
    op: `O${i}`,
  }));
  const tree = treeOf([
    ...wide,
    { name: 'net/a/p', op: 'P' },
    { name: 'net/a/q', op: 'Q' },
    { name: 'b', op: 'B' },
  ]);
  const expanded = firstExpanded(tree);
  expect([...expanded].map((item) => titleOf(tree, item))).toEqual(['net']);
  const everything = allBeneath(tree, NONE, Infinity);
  expect(everything.size).toBe(3);
  expect(allBeneath(tree, NONE, 10).size).toBeLessThan(3);
});

test('the signature tells structures apart, whatever their names', () => {
  const tree = treeOf([
    ...blocks(2),
    { name: 'net/h/2/norm', op: 'Norm' },
    { name: 'net/h/2/x', op: 'Relu' },
  ]);
  const signature = (path: string): number => tree.signature[itemOf(tree, path)];
  expect(signature('net/h/0')).toBe(signature('net/h/1'));
  expect(signature('net/h/0')).not.toBe(signature('net/h/2'));
  expect(graphOf(blocks(2)).count).toBe(tree.graph.count - 3);
});
