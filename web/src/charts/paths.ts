// Draws curves onto a canvas: lines per segment, dots for lone points, markers for what is not finite.
import type { Scale } from './scale';
import { visiblePart } from './segments';
import type { Column, LineSeries, Plot } from './types';

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
  context: CanvasRenderingContext2D;
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
  const path = new Path2D();
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
  context.setLineDash([...(series.dash ?? [])]);
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
  const trace = (series: LineSeries, i: number): void => {
    const [px, py] = [x.toPixel(series.x[i]), y.toPixel(series.y[i])];
    if (Number.isFinite(px) && Number.isFinite(py)) context.lineTo(px, py);
  };
  for (let i = 0; i < first.x.length; i++) trace(first, i);
  for (let i = second.x.length - 1; i >= 0; i--) trace(second, i);
  context.closePath();
  context.globalAlpha = opacity;
  context.fillStyle = first.colour;
  context.fill();
  context.globalAlpha = 1;
}

function strokePath({ context, ratio, dense }: Frame, path: Path2D, opacity: number): void {
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

// The one hot loop: scales are unrolled into a slope and an offset.
function traceSegment(
  { x: xScale, y: yScale }: Frame,
  path: Path2D,
  x: Column,
  y: Column,
  from: number,
  to: number,
  dots: number[],
): void {
  const [xSlope, xOffset] = linearPart(xScale.toPixel, xScale.domain);
  const [ySlope, yOffset] = yScale.log ? logPart(yScale) : linearPart(yScale.toPixel, yScale.domain);
  let length = 0;
  let px = 0;
  let py = 0;
  for (let i = from; i <= to; i++) {
    const value = i < to ? (yScale.log ? Math.log10(y[i]) : y[i]) : NaN;
    // Not finite (or not positive on a logarithmic axis): the line is broken here.
    if (!(value > -Infinity && value < Infinity)) {
      if (length === 1) dots.push(px, py);
      length = 0;
      continue;
    }
    px = x[i] * xSlope + xOffset;
    py = value * ySlope + yOffset;
    if (length === 0) path.moveTo(px, py);
    else path.lineTo(px, py);
    length++;
  }
}

function linearPart(toPixel: (value: number) => number, [low, high]: [number, number]): [number, number] {
  if (high === low) return [0, toPixel(low)];
  const slope = (toPixel(high) - toPixel(low)) / (high - low);
  return [slope, toPixel(low) - low * slope];
}

function logPart(scale: Scale): [number, number] {
  const [low, high] = [Math.log10(scale.domain[0]), Math.log10(scale.domain[1])];
  const slope = (scale.toPixel(scale.domain[1]) - scale.toPixel(scale.domain[0])) / (high - low);
  return [slope, scale.toPixel(scale.domain[0]) - low * slope];
}

function drawDots(context: CanvasRenderingContext2D, dots: number[], colour: string): void {
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
  for (let i = 0; i < values.length; i++) {
    const kind = markerKind(values[i], yScale.log);
    if (!kind || !(series.x[i] >= xScale.domain[0] && series.x[i] <= xScale.domain[1])) continue;
    const px = xScale.toPixel(series.x[i]);
    if (Math.abs(px - last[kind]) < MARKER_GAP) continue;
    last[kind] = px;
    drawMarker(frame, kind, px);
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
