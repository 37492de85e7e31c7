// Maps values to pixels and back, linear or logarithmic.
import type { ScaleKind } from './types';

export interface Scale {
  domain: [number, number];
  kind: ScaleKind;
  /** The measure that pixels are proportional to. */
  lift(value: number): number;
  toPixel(value: number): number;
  toValue(pixel: number): number;
}

/** How many decades below the largest value a symmetric logarithm turns linear. */
const SYMLOG_DECADES = 3;

/** The measure of a scale and its inverse. */
function measureOf(kind: ScaleKind, domain: readonly [number, number]): [Measure, Measure] {
  if (kind === 'log') return [Math.log10, (value) => 10 ** value];
  if (kind === 'symlog') {
    const unit = symlogUnit(domain);
    return [
      // Webber, "A bi-symmetric log transformation for wide-range data", 2013.
      (value) => Math.sign(value) * Math.log10(1 + Math.abs(value) / unit),
      (value) => Math.sign(value) * unit * (10 ** Math.abs(value) - 1),
    ];
  }
  return [(value) => value, (value) => value];
}

type Measure = (value: number) => number;

/** Around zero, where a symmetric logarithmic scale is nearly linear. */
export function symlogUnit([low, high]: readonly [number, number]): number {
  const largest = Math.max(Math.abs(low), Math.abs(high));
  return largest > 0 ? Math.max(1e-300, 10 ** (Math.floor(Math.log10(largest)) - SYMLOG_DECADES)) : 1;
}

/** A scale from `domain` to the pixels `range`; a domain of one value is centred. */
export function makeScale(
  domain: [number, number],
  range: [number, number],
  kind: ScaleKind = 'linear',
): Scale {
  const [lift, lower] = measureOf(kind, domain);
  const [low, high] = [lift(domain[0]), lift(domain[1])];
  const span = high - low;
  const [start, end] = range;
  return {
    domain,
    kind,
    lift,
    toPixel: (value) =>
      span === 0 ? (start + end) / 2 : start + ((lift(value) - low) / span) * (end - start),
    toValue: (pixel) => lower(low + ((pixel - start) / (end - start)) * span),
  };
}

const PADDING = 0.05;
/** What rounding makes of equal values: an axis as narrow as that would show nothing else. */
const NOISE = 1e-14;

/** Room around the extent, so that no line touches the frame; a flat line gets room of its own size. */
export function padded(extent: [number, number], kind: ScaleKind): [number, number] {
  const [low, high] = extent;
  if (kind === 'linear' || high === low) {
    if (kind === 'log') return [low / 10 ** 0.5, high * 10 ** 0.5];
    const isFlat = high - low <= NOISE * Math.abs(high);
    const room = !isFlat ? (high - low) * PADDING : Math.abs(high) * 0.1 || 1;
    const wide: [number, number] = [low - room, high + room];
    // Near the largest float the room itself would overflow.
    return Number.isFinite(wide[1] - wide[0]) ? wide : [low, high];
  }
  const [lift, lower] = measureOf(kind, extent);
  const room = (lift(high) - lift(low)) * PADDING;
  return [lower(lift(low) - room), lower(lift(high) + room)];
}
