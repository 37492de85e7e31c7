// Answers of PR curves: counts and ratios at each threshold, and the lines that are drawn of them. Pure.
import type { Column } from '../../api/payload';
import type { Part } from '../../api/ask';
import type { LevelLine } from '../../charts/unit';

/** The view: precision over recall, or the true positive rate over the false positive rate. */
export type View = 'pr' | 'roc';

const COLUMNS = [
  'true_positives',
  'false_positives',
  'true_negatives',
  'false_negatives',
  'precision',
  'recall',
] as const;

/** A curve of T thresholds from 0 to 1, evenly spaced: each column has T numbers. */
export interface Curve {
  error: null;
  truePositives: Column;
  falsePositives: Column;
  trueNegatives: Column;
  falseNegatives: Column;
  precision: Column;
  recall: Column;
  averagePrecision: number;
  /** Under the lines between the points (recall, precision). */
  area: number;
  rocArea: number;
}

export type Row = Curve | { error: string };

type RowHeader = Record<(typeof COLUMNS)[number] | 'areas', number> & { error: string | null };

export function decodeRow({ chart, columns }: Part): Row {
  const header = chart as RowHeader;
  if (header.error !== null) return { error: header.error };
  const [truePositives, falsePositives, trueNegatives, falseNegatives, precision, recall] = COLUMNS.map(
    (name) => columns[header[name]],
  );
  const [averagePrecision, area, rocArea] = columns[header.areas];
  return {
    error: null,
    truePositives,
    falsePositives,
    trueNegatives,
    falseNegatives,
    precision,
    recall,
    averagePrecision,
    area,
    rocArea,
  };
}

export interface Point {
  threshold: number;
  truePositives: number;
  falsePositives: number;
  trueNegatives: number;
  falseNegatives: number;
  precision: number;
  recall: number;
  /** The harmonic mean of precision and recall. */
  f1: number;
  falsePositiveRate: number;
}

export function pointOf(curve: Curve, index: number): Point {
  const [tp, fp, tn, fn] = [
    curve.truePositives[index],
    curve.falsePositives[index],
    curve.trueNegatives[index],
    curve.falseNegatives[index],
  ];
  const last = curve.recall.length - 1;
  return {
    threshold: last > 0 ? index / last : 0,
    truePositives: tp,
    falsePositives: fp,
    trueNegatives: tn,
    falseNegatives: fn,
    precision: curve.precision[index],
    recall: curve.recall[index],
    f1: (2 * tp) / (2 * tp + fp + fn),
    falsePositiveRate: fp / (fp + tn),
  };
}

/** A curve's line; `indices` are the thresholds that its points stand for. */
export interface DrawnCurve {
  x: Float64Array;
  y: Float64Array;
  indices: Int32Array;
}

/** Thresholds at which nothing is predicted have no precision; they are left out of the first view. */
export function drawn(curve: Curve, view: View): DrawnCurve {
  const indices = Int32Array.from(curve.recall.keys()).filter(
    (i) => view === 'roc' || curve.truePositives[i] + curve.falsePositives[i] > 0,
  );
  const rate = (part: Column, rest: Column) => (i: number) => part[i] / (part[i] + rest[i]);
  const [x, y] =
    view === 'roc'
      ? [rate(curve.falsePositives, curve.trueNegatives), rate(curve.truePositives, curve.falseNegatives)]
      : [(i: number) => curve.recall[i], (i: number) => curve.precision[i]];
  return { x: Float64Array.from(indices, x), y: Float64Array.from(indices, y), indices };
}

const POINTS = 64;

/** Lines of equal F-measure, 2PR / (P + R); or for ROC what guessing gives. */
export function levelsOf(view: View): LevelLine[] {
  if (view === 'roc') return [{ name: '', x: Float64Array.of(0, 1), y: Float64Array.of(0, 1) }];
  return [0.2, 0.4, 0.6, 0.8].map((f) => {
    // From P = 1 to R = 1.
    const least = f / (2 - f);
    const x = Float64Array.from({ length: POINTS }, (_, i) => least + ((1 - least) * i) / (POINTS - 1));
    return { name: `F ${f}`, x, y: x.map((recall) => (f * recall) / (2 * recall - f)) };
  });
}
