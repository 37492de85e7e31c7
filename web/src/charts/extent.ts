// Finds how far the y axis must reach: the curves, what to leave out of them, and what somebody typed.
import { padded } from './scale';
import { visiblePart } from './segments';
import type { Column, Limits, LineSeries, ScaleKind } from './types';

export interface YWish {
  kind: ScaleKind;
  ignoreOutliers: boolean;
  limits: Limits;
  /** A value that the axis reaches in any case. */
  reference: number | null;
}

/** What the curves reach, the part of it that the axis shows, both from low to high. */
export interface YFit {
  /** Null where there is nothing to show. */
  extent: [number, number] | null;
  shown: [number, number];
}

/** The part that is left out at either end, as TensorBoard leaves it out. */
const OUTLYING = 0.05;
/** A curve of fewer points has no outliers: each of its points is a twentieth or more. */
const FEW = 20;

export function fitY(series: readonly LineSeries[], domain: [number, number] | null, wish: YWish): YFit {
  const { kind, limits, reference } = wish;
  const extent = domain && extentOfY(series, domain, kind === 'log');
  const curves = extent && wish.ignoreOutliers ? usualExtent(series, domain, kind === 'log') : extent;
  const kept = reaching(curves, kind === 'log' && reference !== null && reference <= 0 ? null : reference);
  const automatic: [number, number] = kept ? padded(kept, kind) : kind === 'log' ? [0.1, 10] : [0, 1];
  return { extent, shown: bounded(automatic, limits, kind) };
}

function reaching(extent: [number, number] | null, value: number | null): [number, number] | null {
  return extent && value !== null ? [Math.min(extent[0], value), Math.max(extent[1], value)] : extent;
}

// A typed end is kept; the other gives way where the two would cross.
function bounded(automatic: [number, number], limits: Limits, kind: ScaleKind): [number, number] {
  const usable = (value: number | null): number | null =>
    value !== null && Number.isFinite(value) && (kind !== 'log' || value > 0) ? value : null;
  const [low, high] = [usable(limits[0]), usable(limits[1])];
  const shown: [number, number] = [low ?? automatic[0], high ?? automatic[1]];
  if (shown[0] < shown[1]) return shown;
  if (low !== null && high !== null) return automatic;
  const end = low ?? high ?? 0;
  const room = padded([end, end], kind);
  return low === null ? [room[0], end] : [end, room[1]];
}

/** The extent of the finite (with `log`: positive) values inside the x domain; null when there is none. */
export function extentOfY(
  series: readonly LineSeries[],
  domain: [number, number],
  log: boolean,
): [number, number] | null {
  let [low, high] = [Infinity, -Infinity];
  const floor = log ? 0 : -Infinity;
  for (const { x, y, faint, segments, band = [] } of series) {
    for (let s = 0; s < segments.length; s += 2) {
      const [from, to] = visiblePart(x, segments[s], segments[s + 1], domain);
      for (const values of faint ? [y, faint, ...band] : [y, ...band]) {
        for (let i = from; i < to; i++) {
          const value = values[i];
          if (value > floor && value < Infinity && x[i] >= domain[0] && x[i] <= domain[1]) {
            if (value < low) low = value;
            if (value > high) high = value;
          }
        }
      }
    }
  }
  return low <= high ? [low, high] : null;
}

/** From the lowest 5th to the highest 95th percentile of the curves, each taken by itself. */
function usualExtent(
  series: readonly LineSeries[],
  domain: [number, number],
  log: boolean,
): [number, number] | null {
  let [low, high] = [Infinity, -Infinity];
  for (const one of series) {
    const values = valuesInside(one, one.y, domain, log).sort();
    if (values.length === 0) continue;
    const cut = values.length < FEW ? 0 : OUTLYING;
    low = Math.min(low, values[Math.ceil(cut * (values.length - 1))]);
    high = Math.max(high, values[Math.floor((1 - cut) * (values.length - 1))]);
  }
  return low <= high ? [low, high] : null;
}

function valuesInside(
  { x, segments }: LineSeries,
  y: Column,
  domain: [number, number],
  log: boolean,
): Float64Array {
  const values = new Float64Array(y.length);
  let count = 0;
  for (let s = 0; s < segments.length; s += 2) {
    const [from, to] = visiblePart(x, segments[s], segments[s + 1], domain);
    for (let i = from; i < to; i++) {
      const isInside = x[i] >= domain[0] && x[i] <= domain[1];
      if (isInside && Number.isFinite(y[i]) && (!log || y[i] > 0)) values[count++] = y[i];
    }
  }
  return values.subarray(0, count);
}
