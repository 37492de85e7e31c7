// Where named moments stand along an axis, and which of their names have room.
import { expect, test } from 'vitest';
import { placeFlags, shortened } from './flags';
import { makeScale } from './scale';

const scale = makeScale([0, 100], [50, 250], 'linear');
const plot = { left: 50, width: 200 };
const place = (...flags: [number, string][]) =>
  placeFlags(
    flags.map(([x, label]) => ({ x, label, colour: 'red' })),
    scale,
    plot,
    (text) => 6 * text.length,
  );

test('flags stand at their place, from the left, and none outside of the zoom', () => {
  expect(place([50, 'b'], [0, 'a'], [101, 'out'], [-1, 'out']).map(({ px }) => px)).toEqual([50, 150]);
});

test('names that would touch stand below each other, and one without room is left out', () => {
  const rows = place([10, 'first'], [11, 'second'], [12, 'third'], [13, 'fourth'], [60, 'fifth']);
  expect(rows.map(({ name }) => name?.row ?? null)).toEqual([0, 1, 2, null, 0]);
});

test('at the right edge a name stays inside of the plot', () => {
  const [{ px, name }] = place([100, 'last']);
  expect(px).toBe(250);
  expect(name).toEqual({ left: 250 - 32, width: 32, row: 0 });
});

test('long names are cut', () => {
  expect(shortened('a'.repeat(30))).toBe(`${'a'.repeat(17)}…`);
});
