// Names, places, colours; and the answer of the server as it really is.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeColumns } from '../../api/payload';
import { byName, coloured, nameAndStep, placed, shuffledRows } from './data';

test('tags with a step belong together, in the order of steps', () => {
  expect(nameAndStep('a:b:00010')).toEqual({ name: 'a:b', step: 10 });
  expect(nameAndStep('layer:0')).toEqual({ name: 'layer:0', step: 0 });
  expect([...byName(['x:100000', 'x:00002', 'y'])]).toEqual([
    ['x', ['x:00002', 'x:100000']],
    ['y', ['y']],
  ]);
});

test('the golden answer: what has NaN has no place, the rest lies around the origin', () => {
  const bytes = readFileSync('../tests/kinds/embedding.golden.bin');
  const { header, columns } = decodeColumns<{ places: number[]; variance: number[]; key: number }>(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
  );
  expect(header.key).toBe(7);
  expect(header.variance.reduce((sum, ratio) => sum + ratio)).toBeCloseTo(1);
  const places = placed(header.places.map((at) => columns[at]));
  expect(places.length).toBe(12);
  expect([...places.slice(6, 9)].map(Number.isNaN)).toEqual([true, true, false]);
  const known = [0, 1, 3].map((row) => places[3 * row]);
  expect(known.reduce((sum, x) => sum + x)).toBeCloseTo(0);
  expect(Math.max(...known.map(Math.abs))).toBeLessThanOrEqual(1);
});

test('every row comes once in the shuffled order', () => {
  const rows = shuffledRows(1000);
  expect(new Set(rows).size).toBe(1000);
  expect([...rows.slice(0, 100)].reduce((sum, row) => sum + row) / 100).toBeGreaterThan(400);
});

test('categories have colours of the palette, what is none of them is gray', () => {
  const { colours, legend } = coloured({ names: ['a', 'b'], values: Int32Array.of(1, 0, -1) }, 'light');
  expect(legend.map(({ label }) => label)).toEqual(['a', 'b']);
  expect([...colours.slice(3, 6)]).toEqual([0x25, 0x63, 0xd9]);
  expect([...colours.slice(6)]).toEqual([0xa3, 0xac, 0xb8]);
});

test('numbers run along the gradient; those that are none are gray', () => {
  const { colours, range } = coloured({ names: null, values: Float32Array.of(3, 1, NaN) }, 'light');
  expect(range).toEqual([1, 3]);
  expect([...colours]).toEqual([0xfd, 0xe7, 0x25, 0x44, 0x01, 0x54, 0xa3, 0xac, 0xb8]);
});
