// The order of a readout's rows.
import { expect, test } from 'vitest';
import type { Hit, LineSeries } from '../../charts/types';
import { ordered, type Order } from './readout';

const values = [3, NaN, 7, 5];
const lines = values.map((value) => ({ y: Float64Array.of(value) }) as unknown as LineSeries);
const hits = [2, 0, 1, 3].map((series) => ({ series, index: 0 }) as Hit);

test.each<[Order, number[]]>([
  ['nearest', [2, 0, 1, 3]],
  ['runs', [0, 1, 2, 3]],
  ['ascending', [0, 3, 2, 1]],
  ['descending', [2, 3, 0, 1]],
])('%s', (order, expected) => {
  expect(ordered(hits, lines, order).map(({ series }) => series)).toEqual(expected);
});
