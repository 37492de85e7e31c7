// Links, traces, the search, the difference of two graphs, the table of layers.
import { expect, test } from 'vitest';
import { difference } from './difference';
import { callsOf, functionsOf, linksOf, search, trace } from './facts';
import { rowsOf, sorted, toCsv, toMarkdown, type Row } from './table';
import { blocks, graphOf, itemOf, treeOf } from './testing';
import { pathOf } from './data';
import { buildTree } from './tree';

test('what enters and leaves a scope, weights last', () => {
  const tree = treeOf([
    { name: 'w', op: 'Const' },
    { name: 'x', sizes: [2] },
    { name: 'net/a', inputs: ['w', 'x'], sizes: [3] },
    { name: 'net/b', inputs: ['net/a', 'x', '^w'] },
    { name: 'y', inputs: ['net/b', 'net/a'] },
  ]);
  const links = linksOf(tree, itemOf(tree, 'net'));
  expect(links.inputs.map(({ path }) => path)).toEqual(['x', 'w']);
  expect(links.inputs[0].tensor?.sizes).toEqual([2]);
  expect(links.outputs.map(({ path }) => path)).toEqual(['y', 'y']);
  expect([links.inputCount, links.outputCount]).toEqual([2, 2]);
});

test('a trace goes all the way in its direction', () => {
  const tree = treeOf(blocks(4));
  const reached = (direction: 'inputs' | 'outputs'): string[] => {
    const found = trace(tree, itemOf(tree, 'net/h/1/norm'), direction);
    return [...Array(tree.graph.count).keys()]
      .filter((item) => found[item])
      .map((item) => pathOf(tree.graph, item));
  };
  expect(reached('inputs')).toEqual(['x', 'net/h/0/norm', 'net/h/0/mul', 'net/h/1/norm']);
  expect(reached('outputs')).toEqual([
    'net/h/1/norm',
    'net/h/1/mul',
    'net/h/2/norm',
    'net/h/2/mul',
    'net/h/3/norm',
    'net/h/3/mul',
    'y',
  ]);
});

test('the search finds names and operations, what is set aside last', () => {
  const tree = treeOf(blocks(4));
  const found = (regex: RegExp): string[] =>
    search(tree, regex).items.map((item) => pathOf(tree.graph, item));
  expect(found(/h\/2\/(mul|w)$/)).toEqual(['net/h/2/mul', 'net/h/2/w']);
  expect(found(/^matmul$/i)).toHaveLength(4);
  expect(search(tree, /nothing/)).toEqual({ items: [], count: 0 });
});

test('the difference holds what both have, and says what became of it', () => {
  const before = graphOf([
    { name: 'x', op: 'In' },
    { name: 'Old/a', op: 'A', inputs: ['x'], digest: 1 },
    { name: 'Old/b', op: 'B', inputs: ['Old/a'] },
    { name: 'Old/s/gone', op: 'G', inputs: ['Old/b'] },
    { name: 'Old/same', op: 'S', inputs: ['x'] },
  ]);
  const after = graphOf([
    { name: 'x', op: 'In' },
    { name: 'New/a', op: 'A', inputs: ['x'], digest: 2 },
    { name: 'New/b', op: 'B', inputs: ['x'] },
    { name: 'New/more', op: 'M', inputs: ['New/b'] },
    { name: 'New/same', op: 'S', inputs: ['x'] },
  ]);
  const { merged, changeOf } = difference(before, after);
  const said = Object.fromEntries(
    [...Array(merged.count).keys()].map((item) => [pathOf(merged, item), changeOf(item)]),
  );
  expect(said).toEqual({
    x: 'same',
    New: 'changed',
    'New/a': 'changed',
    'New/b': 'changed',
    'New/more': 'added',
    'New/same': 'same',
    'New/s': 'removed',
    'New/s/gone': 'removed',
  });
  expect(merged.source).toHaveLength(6);
  expect(buildTree(merged, { fold: true, showAside: false, chosen: new Map() }).count).toBe(merged.count);
});

test('a graph is the same as itself', () => {
  const { merged, changeOf } = difference(graphOf(blocks(5)), graphOf(blocks(5)));
  expect(merged.count).toBe(graphOf(blocks(5)).count);
  expect([...Array(merged.count).keys()].every((item) => changeOf(item) === 'same')).toBe(true);
});

const LAYERS = treeOf([
  { name: 'net', role: 'module', op: 'Net', parameters: 30, sizes: [9] },
  { name: 'net/a', role: 'module', op: 'Linear', parameters: 10, flops: 7 },
  { name: 'net/a/linear', op: 'aten::linear', sizes: [2, 3] },
  { name: 'net/b', role: 'module', op: '=Odd|"x"', parameters: 20, inputs: ['net/a/linear'] },
]);

test('the table has a row for each module, with shapes and totals', () => {
  const rows = rowsOf(LAYERS, null);
  expect(
    rows.map(({ path, depth, kind, shape, parameters }) => [path, depth, kind, shape, parameters]),
  ).toEqual([
    ['net', 0, 'Net', '9', 30],
    ['net/a', 1, 'Linear', '2×3', 10],
    ['net/b', 1, '=Odd|"x"', '', 20],
  ]);
});

test('without modules, scopes are the layers', () => {
  const rows = rowsOf(treeOf(blocks(5)), null);
  expect(rows.map((row) => row.path)).toContain('net/h/4');
  expect(rows.map((row) => row.path)).not.toContain('x');
});

test('rows are sorted by any column, what is not known last', () => {
  const rows = rowsOf(LAYERS, null);
  const order = (column: 'parameters' | 'flops' | 'name', descending: boolean): string[] =>
    sorted(rows, { column, descending }).map((row) => row.name);
  expect(order('parameters', true)).toEqual(['net', 'b', 'a']);
  expect(order('parameters', false)).toEqual(['a', 'b', 'net']);
  expect(order('flops', true).at(-1)).not.toBe('a');
  expect(order('flops', false)[0]).not.toBe('b');
  expect(order('name', true)).toEqual(['net', 'b', 'a']);
  expect(sorted(rows, null).map((row: Row) => row.name)).toEqual(['net', 'a', 'b']);
});

test('the table as CSV and Markdown', () => {
  const columns = [
    { name: 'name' as const, title: 'Layer' },
    { name: 'kind' as const, title: 'Class' },
    { name: 'parameters' as const, title: 'Parameters' },
    { name: 'flops' as const, title: 'FLOPs' },
  ];
  const rows = rowsOf(LAYERS, null);
  expect(toCsv(rows, columns)).toBe(
    'Layer,Class,Parameters,FLOPs\r\nnet,Net,30,7\r\nnet/a,Linear,10,7\r\nnet/b,"\'=Odd|""x""",20,\r\n',
  );
  expect(toMarkdown(rows, columns)).toBe(
    '| Layer | Class | Parameters | FLOPs |\n| --- | --- | ---: | ---: |\n| net | Net | 30 | 7 |\n' +
      '| net/a | Linear | 10 | 7 |\n| net/b | =Odd\\|"x" | 20 |  |\n',
  );
});

test('what an item calls, and what calls it', () => {
  const tree = treeOf([
    { name: 'a/call', calls: 'functions/f' },
    { name: 'b', calls: 'functions/f' },
    { name: 'functions', role: 'function' },
    { name: 'functions/f', role: 'function' },
    { name: 'functions/f/inner', calls: 'functions/g' },
    { name: 'functions/g', role: 'function' },
    { name: 'functions/g/again', calls: 'functions/g' },
  ]);
  const paths = (links: { path: string }[]): string[] => links.map(({ path }) => path);
  const told = (path: string): [string[], string[]] => {
    const { functions, callers } = callsOf(tree, itemOf(tree, path));
    return [paths(functions), paths(callers)];
  };
  expect(told('a/call')).toEqual([['functions/f'], []]);
  expect(told('functions/f')).toEqual([['functions/g'], ['a/call', 'b']]);
  expect(told('functions/g')).toEqual([[], ['functions/f/inner']]);
  expect(paths(functionsOf(tree.graph))).toEqual(['functions/f', 'functions/g']);
  expect(tree.calls.get(itemOf(tree, 'b'))).toBe(itemOf(tree, 'functions/f'));
});
