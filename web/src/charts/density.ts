// Histograms as pixels: each bucket's count is spread over the pixels that it covers, so that areas are true.
import type { Column } from './types';

export interface Buckets {
  left: Column;
  right: Column;
  count: Column;
}

/** How many values lie in each of `pixels` pixels, which `toPixel` counts from 0. */
export function densityOf(
  { left, right, count }: Buckets,
  toPixel: (value: number) => number,
  pixels: number,
): Float32Array {
  const density = new Float32Array(pixels);
  for (let i = 0; i < count.length; i++) {
    if (count[i] > 0) spread(density, toPixel(left[i]), toPixel(right[i]), count[i]);
  }
  return density;
}

function spread(density: Float32Array, a: number, b: number, count: number): void {
  let [from, to] = a < b ? [a, b] : [b, a];
  const last = density.length;
  if (!(to >= 0 && from <= last)) return;
  // What lies in one point, or less than a pixel wide, fills the pixel that it lies in.
  if (!(to - from > 1e-9)) {
    density[Math.min(Math.floor(from), last - 1)] += count;
    return;
  }
  // A logarithmic axis never reaches zero: such a bucket is drawn over what is seen of it.
  [from, to] = [Math.max(from, -1e6), Math.min(to, 1e6)];
  if (a === -Infinity || b === -Infinity) from = Math.max(from, 0);
  const each = count / (to - from);
  const [start, end] = [Math.max(0, from), Math.min(last, to)];
  for (let pixel = Math.floor(start); pixel < end; pixel++) {
    density[pixel] += each * (Math.min(pixel + 1, end) - Math.max(pixel, start));
  }
}

/** How many values there are in all buckets. */
export function totalOf({ count }: Buckets): number {
  let total = 0;
  for (const part of count) total += part;
  return total;
}

/** The bucket that a value lies in, the one with the most values of several; -1 for none. */
export function bucketAt({ left, right, count }: Buckets, value: number): number {
  let found = -1;
  for (let i = 0; i < count.length; i++) {
    const inside = left[i] <= value && (value < right[i] || (value === right[i] && i === count.length - 1));
    if (inside && (found < 0 || count[i] > count[found])) found = i;
  }
  return found;
}

/** Least and greatest edge of buckets with values; for a logarithmic axis of those above zero. */
export function extentOf(all: readonly Buckets[], positive: boolean): [number, number] | null {
  let [low, high] = [Infinity, -Infinity];
  for (const { left, right, count } of all) {
    for (let i = 0; i < count.length; i++) {
      if (!(count[i] > 0) || (positive && !(right[i] > 0))) continue;
      low = Math.min(low, positive && !(left[i] > 0) ? right[i] / 2 : left[i]);
      high = Math.max(high, right[i]);
    }
  }
  return low <= high ? [low, high] : null;
}

/**
 * The part of an extent that nearly all values lie in: four standard deviations about the middle, were they normal,
 * which is 8/3 times what lies between the percentiles at 1.5 of them.
 */
export function withoutTails(
  all: readonly { percentiles: Column }[],
  [low, high]: [number, number],
): [number, number] {
  let [from, to] = [Infinity, -Infinity];
  for (const { percentiles } of all) {
    const [a, b] = [percentiles[1], percentiles[7]];
    if (!(b > a)) continue;
    from = Math.min(from, a - (5 / 6) * (b - a));
    to = Math.max(to, b + (5 / 6) * (b - a));
  }
  return from < to ? [Math.max(low, from), Math.min(high, to)] : [low, high];
}

/** Where a symmetric logarithmic axis turns linear: where the middle third of the values ends, within reason. */
export function nearZero(all: readonly { percentiles: Column }[], [low, high]: [number, number]): number {
  const sizes = all
    .flatMap(({ percentiles }) => [Math.abs(percentiles[3]), Math.abs(percentiles[5])])
    .filter((size) => size > 0)
    .sort((a, b) => a - b);
  const largest = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const middle = sizes[Math.floor(sizes.length / 2)] ?? largest / 100;
  return 10 ** Math.floor(Math.log10(Math.min(Math.max(middle / 10, largest * 1e-9), largest / 10)));
}
