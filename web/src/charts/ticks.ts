// Chooses where ticks stand: round numbers, decades, and round local times.
import { makeScale, symlogUnit } from './scale';

/** Round numbers (1, 2 or 5 times a power of ten) inside the domain, about `count` of them. */
export function linearTicks([low, high]: readonly [number, number], count: number): number[] {
  if (!(high > low)) return Number.isFinite(low) ? [low] : [];
  const step = niceStep((high - low) / Math.max(1, count));
  if (!(step > 0) || !Number.isFinite(step)) return [low, high];
  const ticks: number[] = [];
  const first = Math.ceil(low / step - 1e-9);
  // Where the domain is only a few floats wide, multiples of the step are no longer told apart.
  if (Math.abs(first) > 2 ** 50) return [low, high];
  const last = Math.floor(high / step + 1e-9);
  // Dividing by the inverse keeps 0.3 from becoming 0.30000000000000004.
  const inverse = step < 1 ? Math.round(1 / step) : 0;
  for (let i = first; i <= last && ticks.length < 100; i++) {
    ticks.push((inverse > 0 && inverse < 1e15 ? i / inverse : i * step) + 0);
  }
  return ticks;
}

export function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const fraction = rough / power;
  // Halfway between neighbours on a logarithmic measure, so that the count comes nearest to the wish.
  const nice = fraction < Math.SQRT2 ? 1 : fraction < Math.sqrt(10) ? 2 : fraction < Math.sqrt(50) ? 5 : 10;
  return nice * power;
}

/** Whole steps only: a tick between two steps would mean nothing. */
export function stepTicks(domain: readonly [number, number], count: number): number[] {
  const ticks = linearTicks(domain, count);
  return ticks.filter(Number.isInteger).length >= 2 ? ticks.filter(Number.isInteger) : ticks;
}

/** Decades; when the domain has fewer than two, also 2 and 5, and below that plain round numbers. */
export function logTicks([low, high]: readonly [number, number], count: number): number[] {
  const [from, to] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  const decades = to - from + 1;
  if (decades >= 3) {
    const stride = Math.max(1, Math.ceil(decades / Math.max(2, count)));
    return range(from, to, stride).map((exponent) => 10 ** exponent);
  }
  const mantissas = decades >= 1 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9];
  const ticks = range(from - 1, to + 1, 1)
    .flatMap((exponent) => mantissas.map((mantissa) => mantissa * 10 ** exponent))
    .filter((value) => value >= low && value <= high);
  return ticks.length >= 2 ? ticks : linearTicks([low, high], count);
}

/** Zero and decades on both sides of it; plain round numbers where the domain has fewer than three of these. */
export function symlogTicks(domain: readonly [number, number], count: number): number[] {
  const scale = makeScale([domain[0], domain[1]], [0, 1], 'symlog');
  const largest = Math.max(Math.abs(domain[0]), Math.abs(domain[1]));
  const smallest = Math.floor(Math.log10(symlogUnit(domain)) + 1e-9) + 1;
  const decades = range(smallest, Math.floor(Math.log10(largest) + 1e-9), 1).map(
    (exponent) => 10 ** exponent,
  );
  const all = [...decades.map((decade) => -decade).reverse(), 0, ...decades].filter(
    (tick) => tick >= domain[0] && tick <= domain[1],
  );
  if (all.length < 3) return linearTicks(domain, count);
  return spaced(all, (tick) => scale.toPixel(tick), 0.7 / Math.max(1, count));
}

// Zero and the ends matter most, so ticks are dropped that stand too near to a kept one closer to those.
function spaced(ticks: readonly number[], at: (tick: number) => number, gap: number): number[] {
  const byWorth = [...ticks].sort((a, b) => (a === 0 ? -1 : b === 0 ? 1 : Math.abs(b) - Math.abs(a)));
  const kept: number[] = [];
  for (const tick of byWorth) {
    if (kept.every((other) => Math.abs(at(other) - at(tick)) >= gap)) kept.push(tick);
  }
  return kept.sort((a, b) => a - b);
}

function range(from: number, to: number, stride: number): number[] {
  const values: number[] = [];
  for (let value = from; value <= to; value += stride) values.push(value);
  return values;
}

const SECOND = 1;
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;
const TIME_STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100, 200].map((n) => n * DAY),
];

/** A step of a clock (1, 2, 5, 10, 15, 30 … of seconds, minutes, hours, days), in seconds. */
export function timeStep(span: number, count: number): number {
  const rough = span / Math.max(1, count);
  if (rough < 1) return niceStep(rough);
  return TIME_STEPS.find((step) => step >= rough * 0.999) ?? niceStep(rough / DAY) * DAY;
}

/** Durations in seconds from the start of a series. */
export function durationTicks([low, high]: readonly [number, number], count: number): number[] {
  if (!(high > low)) return [low];
  const step = timeStep(high - low, count);
  return multiples(low, high, step, 0);
}

/** Seconds since the epoch, at round local times. */
export function wallTicks([low, high]: readonly [number, number], count: number): number[] {
  if (!(high > low)) return [low];
  const step = timeStep(high - low, count);
  // Local midnight is not a multiple of a day since the epoch; the offset of the first moment serves the axis.
  return multiples(low, high, step, -new Date(low * 1000).getTimezoneOffset() * MINUTE);
}

function multiples(low: number, high: number, step: number, shift: number): number[] {
  const ticks: number[] = [];
  const first = Math.ceil((low + shift) / step - 1e-9);
  for (let i = first; i * step - shift <= high && ticks.length < 100; i++) {
    // Adding zero turns -0 into 0.
    ticks.push(i * step - shift + 0);
  }
  return ticks;
}
