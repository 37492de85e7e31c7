// The golden payload that the server's tests also read, and what is said of one item.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeColumns } from '../../api/payload';
import {
  classOf,
  decodeGraph,
  elementsOf,
  nameOf,
  opOf,
  pathOf,
  roleOf,
  sizesText,
  tensorText,
} from './data';
import { bytesText, countText, timeText } from './quantity';
import { graphOf } from './testing';

const GOLDEN = new URL('../../../../tests/kinds/graph.golden.bin', import.meta.url).pathname;

test('the golden payload decodes to the graph that was logged', () => {
  const { header, columns } = decodeColumns<{ charts: unknown[] }>(
    new Uint8Array(readFileSync(GOLDEN)).buffer,
  );
  const graph = decodeGraph({ chart: header.charts[0], columns });
  const items = [...Array(graph.count).keys()];
  expect(items.map((item) => pathOf(graph, item))).toEqual([
    'x',
    'net',
    'net/dense',
    'net/dense/kernel',
    'net/dense/MatMul',
    'net/dense/(dense)',
    'net/split',
    'out',
    'nowhere',
  ]);
  expect(items.map((item) => opOf(graph, item)).slice(3, 6)).toEqual(['VariableV2', 'MatMul', 'Identity']);
  expect(roleOf(graph, 8)).toBe('missing');
  expect(graph.parameters[3]).toBe(12);
  expect([...graph.source].map((source, i) => [source, graph.target[i], graph.edgeTensor[i]])).toEqual([
    [0, 4, 0],
    [3, 4, 1],
    [4, 5, 2],
    [0, 5, -2],
    [5, 6, -1],
    [6, 7, -1],
    [6, 7, -1],
    [8, 7, -1],
  ]);
  expect(tensorText(graph.tensors[0])).toBe('float32 8×?');
  expect(graph.troubles).toEqual([{ name: 'missing_input', count: 1, examples: ['nowhere → out'] }]);
});

test("torch's scopes have a class and a name", () => {
  const graph = graphOf([{ name: 'Net/Conv2d[conv1]/12', op: 'aten::conv2d' }, { name: 'a[0]' }]);
  expect([classOf(graph, 1), nameOf(graph, 1)]).toEqual(['Conv2d', 'conv1']);
  expect([classOf(graph, 0), nameOf(graph, 0)]).toEqual(['', 'Net']);
});

test.each([
  [{ dtype: '', sizes: null }, '', 0],
  [{ dtype: 'int64', sizes: [] }, 'scalar', 1],
  [{ dtype: 'int64', sizes: [2, -1, 3] }, '2×?×3', 6],
])('sizes of %j', (tensor, text, elements) => {
  expect(sizesText(tensor)).toBe(text);
  expect(elementsOf(tensor)).toBe(elements);
});

test('quantities in few letters', () => {
  expect([0, 7, 999, 1000, 9408, 74_000, 999_600, 11_689_512, 3.6e9, NaN].map(countText)).toEqual([
    '0',
    '7',
    '999',
    '1k',
    '9.41k',
    '74k',
    '1M',
    '11.7M',
    '3.6G',
    '',
  ]);
  expect([512, 2048, 1.5 * 1024 ** 3].map(bytesText)).toEqual(['512 B', '2 KiB', '1.5 GiB']);
  expect([2.5, 1500, 2e6].map(timeText)).toEqual(['2.5 µs', '1.5 ms', '2 s']);
});
