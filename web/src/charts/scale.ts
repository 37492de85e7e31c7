// Maps values to pixels and back, linear or logarithmic, and finds the extent that y needs.
import { visiblePart } from './segments';
import type { Column, LineSeries } from './types';

export interface Scale {
  domain: [number, number];
  log: boolean;
  toPixel(value: number): number;
  toValue(pixel: number): number;
}

/** A scale from `domain` to the pixels `range`; a domain of one value is centred. */
export function makeScale(domain: [number, number], range: [number, number], log = false): Scale {
  const lift = log ? Math.log10 : (value: number) => value;
  const lower = log ? (value: number) => 10 ** value : (value: number) => value;
  const [low, high] = [lift(domain[0]), lift(domain[1])];
  const span = high - low;
  const [start, end] = range;
  return {
    domain,
    log,
    toPixel: (value) =>
      span === 0 ? (start + end) / 2 : start + ((lift(value) - low) / span) * (end - start),
    toValue: (pixel) => lower(low + ((pixel - start) / (end - start)) * span),
  };
}

/** The extent of the finite (with `log`: positive) values inside the x domain; null when there is none. */
export function extentOfY(
  series: readonly LineSeries[],
  domain: [number, number],
  log: boolean,
): [number, number] | null {
  const extent: [number, number] = [Infinity, -Infinity];
  for (const { x, y, faint, segments } of series) {
    for (let s = 0; s < segments.length; s += 2) {
      const [from, to] = visiblePart(x, segments[s], segments[s + 1], domain);
      grow(extent, x, y, from, to, domain, log);
      if (faint) grow(extent, x, faint, from, to, domain, log);
    }
  }
  return extent[0] <= extent[1] ? extent : null;
}

function grow(
  extent: [number, number],
  x: Column,
  y: Column,
  from: number,
  to: number,
  domain: [number, number],
  log: boolean,
): void {
  const floor = log ? 0 : -Infinity;
  let [low, high] = extent;
  for (let i = from; i < to; i++) {
    const value = y[i];
    if (value > floor && value < Infinity && x[i] >= domain[0] && x[i] <= domain[1]) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  extent[0] = low;
  extent[1] = high;
}

const PADDING = 0.05;

/** Room around the extent, so that no line touches the frame; a flat line gets room of its own size. */
export function padded([low, high]: [number, number], log: boolean): [number, number] {
  if (log) {
    const [a, b] = [Math.log10(low), Math.log10(high)];
    const room = b > a ? (b - a) * PADDING : 0.5;
    return [10 ** (a - room), 10 ** (b + room)];
  }
  const room = high > low ? (high - low) * PADDING : Math.abs(high) * 0.1 || 1;
  const wide: [number, number] = [low - room, high + room];
  // Near the largest float the room itself would overflow.
  return Number.isFinite(wide[1] - wide[0]) ? wide : [low, high];
}
