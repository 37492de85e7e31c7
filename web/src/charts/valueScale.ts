// The axis of logged values: linear, logarithmic, or logarithmic on both sides of zero.
import { formatValue, logLabels, tickLabels } from './format';
import { makeScale, type Scale } from './scale';
import { linearTicks, logTicks } from './ticks';
import type { Axis } from './axes';

export type ScaleKind = 'linear' | 'log' | 'symlog';

/** A scale from `domain` to the pixels `range`; `near` is where symlog turns from linear to logarithmic. */
export function valueScale(
  kind: ScaleKind,
  domain: [number, number],
  range: [number, number],
  near: number,
): Scale {
  if (kind !== 'symlog') return makeScale(domain, range, kind === 'log');
  const inner = makeScale([lift(domain[0], near), lift(domain[1], near)], range);
  return {
    domain,
    log: false,
    toPixel: (value) => inner.toPixel(lift(value, near)),
    toValue: (pixel) => lower(inner.toValue(pixel), near),
  };
}

function lift(value: number, near: number): number {
  return Math.sign(value) * Math.log1p(Math.abs(value) / near);
}

function lower(lifted: number, near: number): number {
  return Math.sign(lifted) * Math.expm1(Math.abs(lifted)) * near;
}

/** About `count` ticks and their labels. */
export function valueAxis(kind: ScaleKind, domain: [number, number], near: number, count: number): Axis {
  if (kind === 'linear') {
    const ticks = linearTicks(domain, count);
    return { ticks, labels: tickLabels(ticks) };
  }
  const ticks = kind === 'log' ? logTicks(domain, count) : symlogTicks(domain, near, count);
  return { ticks, labels: kind === 'log' ? logLabels(ticks) : ticks.map((tick) => formatValue(tick, 3)) };
}

/** Zero, and powers of ten on both sides of it from `near` on. */
export function symlogTicks([low, high]: readonly [number, number], near: number, count: number): number[] {
  const first = Math.ceil(Math.log10(near));
  const last = Math.floor(Math.log10(Math.max(Math.abs(low), Math.abs(high), near)));
  const sides = (low < 0 ? 1 : 0) + (high > 0 ? 1 : 0);
  const stride = Math.max(1, Math.ceil(((last - first + 1) * sides) / Math.max(1, count - 1)));
  const powers: number[] = [];
  for (let exponent = last; exponent >= first; exponent -= stride) powers.push(10 ** exponent);
  const ticks = [...powers.map((power) => -power), 0, ...powers.reverse()];
  const shown = ticks.filter((tick) => tick >= low && tick <= high);
  return shown.length > 1 ? shown : linearTicks([low, high], count);
}
