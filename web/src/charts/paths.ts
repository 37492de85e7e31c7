// Draws curves onto a canvas: lines per segment, dots for lone points, markers for what is not finite.
import type { Scale } from './scale';
import { visiblePart } from './segments';
import type { Column, LinePath, LineSeries, Plot, Surface } from './types';

const LINE_WIDTH = 1.5;
/**
 * Beyond this many points a chart is drawn with hairlines, set side by side to the line's width. Without a graphics
 * card a stroke wider than one device pixel costs 15 times a hairline (measured: 20 x 1,000 points, 25 ms against 1.7 ms).
 */
export const DENSE_POINTS = 4000;
/** In device pixels: anti-aliased neighbours further apart would let the surface shine through. */
const HAIRLINE_GAP = 0.6;
const DOT_RADIUS = 2.25;
/** Markers closer than this would merge into a bar. */
const MARKER_GAP = 7;
const MARKER_SIZE = 4;

export interface Frame {
  context: Surface;
  newPath: () => LinePath;
  plot: Plot;
  x: Scale;
  y: Scale;
  /** Device pixels per CSS pixel. */
  ratio: number;
  dense: boolean;
  /** Opacity of what a restart gave up. */
  abandoned: number;
}

export function drawLine(frame: Frame, series: LineSeries, y: Column, opacity: number): void {
  const faded = opacity * frame.abandoned;
  // What was given up lies behind what counts.
  drawParts(frame, series, y, faded, (from, to, split) => [
    Math.max(from, Math.min(split - 1, to)),
    to,
    split < to,
  ]);
  drawParts(frame, series, y, opacity, (from, to, split) => [from, Math.min(split, to), split > from]);
}

/** Chooses [from, to) of a segment's visible part, given where its abandoned points begin, and whether to draw it. */
type Choose = (from: number, to: number, split: number) => [number, number, boolean];

function drawParts(frame: Frame, series: LineSeries, y: Column, opacity: number, choose: Choose): void {
  const { context } = frame;
  const dots: number[] = [];
  const path = frame.newPath();
  let isEmpty = true;
  for (let s = 0; s < series.segments.length; s += 2) {
    const part = visiblePart(series.x, series.segments[s], series.segments[s + 1], frame.x.domain);
    const [from, to, isDrawn] = choose(part[0], part[1], series.abandonedFrom[s / 2]);
    if (!isDrawn) continue;
    isEmpty = false;
    traceSegment(frame, path, series.x, y, from, to, dots);
  }
  if (isEmpty) return;
  context.globalAlpha = opacity;
  context.strokeStyle = series.colour;
  context.setLineDash([...series.dash]);
  strokePath(frame, path, opacity);
  context.setLineDash([]);
  drawDots(context, dots, series.colour);
  context.globalAlpha = 1;
}

/** Tints the surface between two curves, which may have different points. */
export function drawBand(
  { context, x, y }: Frame,
  first: LineSeries,
  second: LineSeries,
  opacity: number,
): void {
  context.beginPath();
  let isEmpty = true;
  const trace = (series: LineSeries, i: number): void => {
    const [px, py] = [x.toPixel(series.x[i]), y.toPixel(series.y[i])];
    if (!Number.isFinite(px) || !Number.isFinite(py)) return;
    if (isEmpty) context.moveTo(px, py);
    else context.lineTo(px, py);
    isEmpty = false;
  };
  for (let i = 0; i < first.x.length; i++) trace(first, i);
  for (let i = second.x.length - 1; i >= 0; i--) trace(second, i);
  if (isEmpty) return;
  context.closePath();
  context.globalAlpha = opacity;
  context.fillStyle = first.colour;
  context.fill();
  context.globalAlpha = 1;
}

/** Tints the surface between the edges of a line's band, in one piece for each stretch that has both. */
export function drawSpread({ context, x, y }: Frame, series: LineSeries, opacity: number): void {
  if (!series.band) return;
  const [low, high] = series.band;
  context.globalAlpha = opacity;
  context.fillStyle = series.colour;
  for (let s = 0; s < series.segments.length; s += 2) {
    const [from, to] = visiblePart(series.x, series.segments[s], series.segments[s + 1], x.domain);
    let begin = from;
    for (let i = from; i <= to; i++) {
      const has = i < to && Number.isFinite(y.toPixel(low[i])) && Number.isFinite(y.toPixel(high[i]));
      if (has) continue;
      if (i - begin > 1) fillBetween(begin, i);
      begin = i + 1;
    }
  }
  context.globalAlpha = 1;

  function fillBetween(from: number, to: number): void {
    context.beginPath();
    context.moveTo(x.toPixel(series.x[from]), y.toPixel(high[from]));
    for (let i = from + 1; i < to; i++) context.lineTo(x.toPixel(series.x[i]), y.toPixel(high[i]));
    for (let i = to - 1; i >= from; i--) context.lineTo(x.toPixel(series.x[i]), y.toPixel(low[i]));
    context.closePath();
    context.fill();
  }
}

function strokePath({ context, ratio, dense }: Frame, path: LinePath, opacity: number): void {
  context.lineJoin = 'round';
  if (!dense) {
    context.lineWidth = LINE_WIDTH;
    context.stroke(path);
    return;
  }
  context.lineWidth = 1 / ratio;
  const width = LINE_WIDTH * ratio;
  // Faint lines lie behind others and need no body.
  const hairlines = opacity < 1 ? 1 : Math.ceil((width - 1) / HAIRLINE_GAP) + 1;
  for (let i = 0; i < hairlines; i++) {
    const shift = hairlines === 1 ? 0 : ((width - 1) * (i / (hairlines - 1) - 0.5)) / ratio;
    context.translate(0, shift);
    context.stroke(path);
    context.translate(0, -shift);
  }
}

// The one hot loop: scales are unrolled into a measure, a slope and an offset.
function traceSegment(
  { x: xScale, y: yScale }: Frame,
  path: LinePath,
  x: Column,
  y: Column,
  from: number,
  to: number,
  dots: number[],
): void {
  const [xSlope, xOffset] = unrolled(xScale);
  const [ySlope, yOffset] = unrolled(yScale);
  const liftX = xScale.kind === 'linear' ? null : xScale.lift;
  const liftY = yScale.kind === 'linear' ? null : yScale.lift;
  let length = 0;
  let px = 0;
  let py = 0;
  for (let i = from; i <= to; i++) {
    const value = i < to ? (liftY ? liftY(y[i]) : y[i]) : NaN;
    const at = liftX ? liftX(x[i]) : x[i];
    // Not finite (or not positive on a logarithmic axis): the line is broken here.
    if (!(value > -Infinity && value < Infinity && at > -Infinity)) {
      if (length === 1) dots.push(px, py);
      length = 0;
      continue;
    }
    px = at * xSlope + xOffset;
    py = value * ySlope + yOffset;
    if (length === 0) path.moveTo(px, py);
    else path.lineTo(px, py);
    length++;
  }
}

// Slope and offset from the measure of a scale to its pixels.
function unrolled({ domain, lift, toPixel }: Scale): [number, number] {
  const [low, high] = [lift(domain[0]), lift(domain[1])];
  if (high === low) return [0, toPixel(domain[0])];
  const slope = (toPixel(domain[1]) - toPixel(domain[0])) / (high - low);
  return [slope, toPixel(domain[0]) - low * slope];
}

function drawDots(context: Surface, dots: number[], colour: string): void {
  if (dots.length === 0) return;
  context.fillStyle = colour;
  context.beginPath();
  for (let d = 0; d < dots.length; d += 2) {
    context.moveTo(dots[d] + DOT_RADIUS, dots[d + 1]);
    context.arc(dots[d], dots[d + 1], DOT_RADIUS, 0, 2 * Math.PI);
  }
  context.fill();
}

type MarkerKind = 'nan' | 'up' | 'down' | 'nonpositive';

export function markerKind(value: number, log: boolean): MarkerKind | null {
  if (Number.isNaN(value)) return 'nan';
  if (value === Infinity) return 'up';
  if (value === -Infinity) return 'down';
  return log && value <= 0 ? 'nonpositive' : null;
}

/** Marks NaN (hollow, bottom), -∞ (filled, bottom), +∞ (filled, top), and ≤ 0 on a log axis (bar, bottom). */
export function drawMarkers(frame: Frame, series: LineSeries, opacity: number): void {
  const { context, x: xScale, y: yScale } = frame;
  const values = series.faint ?? series.y;
  const last: Record<MarkerKind, number> = { nan: -1e9, up: -1e9, down: -1e9, nonpositive: -1e9 };
  context.globalAlpha = opacity;
  context.strokeStyle = context.fillStyle = series.colour;
  context.lineWidth = 1;
  for (let s = 0; s < series.segments.length; s += 2) {
    for (let i = series.segments[s]; i < series.segments[s + 1]; i++) {
      const kind = markerKind(values[i], yScale.kind === 'log');
      if (!kind || !(series.x[i] >= xScale.domain[0] && series.x[i] <= xScale.domain[1])) continue;
      const px = xScale.toPixel(series.x[i]);
      if (Math.abs(px - last[kind]) < MARKER_GAP) continue;
      last[kind] = px;
      drawMarker(frame, kind, px);
    }
  }
  context.globalAlpha = 1;
}

function drawMarker({ context, plot }: Frame, kind: MarkerKind, px: number): void {
  const atTop = kind === 'up';
  const edge = atTop ? plot.top + 1.5 : plot.top + plot.height - 1.5;
  // Infinities point outwards, to where the value went; NaN points inwards and is hollow.
  const [base, tip] = kind === 'nan' ? [edge, edge - 7] : [edge + (atTop ? 7 : -7), edge];
  context.beginPath();
  if (kind === 'nonpositive') {
    context.rect(px - MARKER_SIZE, edge - 1, 2 * MARKER_SIZE, 2);
  } else {
    context.moveTo(px - MARKER_SIZE, base);
    context.lineTo(px + MARKER_SIZE, base);
    context.lineTo(px, tip);
    context.closePath();
  }
  if (kind === 'nan') context.stroke();
  else context.fill();
}
