// The answer that the server's tests fix, the drawn lines, and what a point says.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeColumns } from '../../api/payload';
import { decodeRow, drawn, levelsOf, pointOf, type Curve } from './data';

const golden = decodeColumns<{ charts: unknown[] }>(
  Uint8Array.from(readFileSync('../tests/kinds/pr_curve.golden.bin')).buffer,
);
const [first, gone] = golden.header.charts.map((chart) => decodeRow({ chart, columns: golden.columns }));
const curve = first as Curve;

test('the golden answer: a curve, and a row that is gone', () => {
  expect(gone.error).toContain('row 9 of');
  expect([...curve.truePositives]).toEqual([3, 3, 2, 1, 0]);
  expect([...curve.falsePositives]).toEqual([2, 1, 1, 1, 0]);
  // By hand: recall 1/3 at precision 1/2, then 2/3 at 2/3, 1 at 3/4, 1 at 3/5.
  expect(curve.averagePrecision).toBeCloseTo((1 / 2 + 2 / 3 + 3 / 4) / 3, 12);
});

test('what a point says', () => {
  expect(pointOf(curve, 2)).toEqual({
    threshold: 0.5,
    truePositives: 2,
    falsePositives: 1,
    trueNegatives: 1,
    falseNegatives: 1,
    precision: Math.fround(2 / 3),
    recall: Math.fround(2 / 3),
    f1: 2 / 3,
    falsePositiveRate: 0.5,
  });
});

test('thresholds without a prediction have no point in the first view, and one in the other', () => {
  expect([...drawn(curve, 'pr').indices]).toEqual([0, 1, 2, 3]);
  const roc = drawn(curve, 'roc');
  expect([...roc.x]).toEqual([1, 0.5, 0.5, 0.5, 0]);
  expect([...roc.y].map((rate) => Math.round(rate * 3))).toEqual([3, 3, 2, 1, 0]);
});

test('a line of equal F-measure has that F-measure everywhere', () => {
  for (const { name, x, y } of levelsOf('pr')) {
    const f = Number(name.slice(2));
    x.forEach((recall, i) => expect((2 * recall * y[i]) / (recall + y[i])).toBeCloseTo(f, 12));
    expect([y[0], x[x.length - 1]]).toEqual([expect.closeTo(1, 12), 1]);
  }
});
