// Cuts a series at a restart or where x is not a number: lines are drawn only inside a segment.
import type { Column } from './types';

/**
 * Pairs [from, to) of indices, flattened; within each pair neither x nor `step` decreases. The step tells of a
 * restart on an axis of time, too, where x goes on. `starts` are indices at which a segment begins in any case.
 */
export function segmentsOf(x: Column, step: Column = x, starts: ReadonlySet<number> = new Set()): Int32Array {
  const cuts: number[] = [];
  let from = -1;
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i])) {
      if (from >= 0) cuts.push(from, i);
      from = -1;
    } else if (from < 0) {
      from = i;
    } else if (x[i] < x[i - 1] || step[i] < step[i - 1] || starts.has(i)) {
      cuts.push(from, i);
      from = i;
    }
  }
  if (from >= 0) cuts.push(from, x.length);
  return Int32Array.from(cuts);
}

/** The first index in [from, to) whose x is at least `target`; `to` when there is none. */
export function lowerBound(x: Column, from: number, to: number, target: number): number {
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (x[middle] < target) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** The part of segment [from, to) that lies in the domain, with one neighbour on each side. */
export function visiblePart(
  x: Column,
  from: number,
  to: number,
  domain: readonly [number, number],
): [number, number] {
  const first = lowerBound(x, from, to, domain[0]);
  let last = lowerBound(x, first, to, domain[1]);
  while (last < to && x[last] === domain[1]) last++;
  return [Math.max(from, first - 1), Math.min(to, last + 1)];
}

/** The extent of x over all series, with `log` of what is positive; null when no point has a finite x. */
export function extentOfX(
  series: readonly { x: Column; segments: Int32Array }[],
  log = false,
): [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (const { x, segments } of series) {
    for (let s = 0; s < segments.length; s += 2) {
      const [from, to] = [segments[s], segments[s + 1]];
      const first = log ? lowerBound(x, from, to, Number.MIN_VALUE) : from;
      if (first === to) continue;
      low = Math.min(low, x[first]);
      high = Math.max(high, x[to - 1]);
    }
  }
  return Number.isFinite(low) && Number.isFinite(high) ? [low, high] : null;
}
