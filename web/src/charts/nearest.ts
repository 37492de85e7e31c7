// Finds the point of a series that is nearest to the cursor: by x first, then by y.
import { lowerBound } from './segments';
import type { Column } from './types';

export interface Cursor {
  x: number;
  y: number;
}

/**
 * Index of the point nearest in x; among points at the same distance, the one nearest in y.
 * Each segment is sorted, so each is searched by halving. -1 for an empty series.
 */
export function nearestPoint(x: Column, y: Column, segments: Int32Array, cursor: Cursor): number {
  let best = -1;
  let bestX = Infinity;
  let bestY = Infinity;
  const consider = (i: number): void => {
    const dx = Math.abs(x[i] - cursor.x);
    if (dx > bestX) return;
    // A value that is not finite is only taken when nothing else stands there.
    const dy = Number.isFinite(y[i]) ? Math.abs(y[i] - cursor.y) : Number.MAX_VALUE;
    if (dx < bestX || dy < bestY) [best, bestX, bestY] = [i, dx, dy];
  };
  for (let s = 0; s < segments.length; s += 2) {
    const [from, to] = [segments[s], segments[s + 1]];
    const at = lowerBound(x, from, to, cursor.x);
    for (let i = at; i < to && x[i] === x[at]; i++) consider(i);
    for (let i = at - 1; i >= from && x[i] === x[at - 1]; i--) consider(i);
  }
  return best;
}

/** Whether `at` lies inside the stretch that a segment of the series spans. */
export function covers(x: Column, segments: Int32Array, at: number): boolean {
  for (let s = 0; s < segments.length; s += 2) {
    if (x[segments[s]] <= at && at <= x[segments[s + 1] - 1]) return true;
  }
  return false;
}
