// Paints a chart: axes, the marked steps, curves. On a canvas or into a file, always by the same geometry.
import { drawXAxis, drawYAxis, xAxis, yAxis, type Axis } from './axes';
import { fitY, type YFit } from './extent';
import { drawFlags } from './flags';
import { formatValue } from './format';
import { drawMarked } from './marked';
import { DENSE_POINTS, drawBand, drawLine, drawMarkers, drawSpread, type Frame } from './paths';
import { drawReference } from './reference';
import { makeScale, type Scale } from './scale';
import type { LineInput, LinePath, Plot, Surface } from './types';

const EDGE = 3;
const FAINT = 0.25;
const BAND = 0.16;
const STEPPED_BACK = 0.16;

export interface Canvas {
  context: Surface;
  newPath: () => LinePath;
  ratio: number;
  /** Whether strokes are free, so that many points need no hairlines. */
  isFile: boolean;
}

export interface Vertical extends YFit {
  scale: Scale;
  axis: Axis;
}

/** The y axis; it comes first, because its labels take room from the plot. */
export function fitVertical(input: LineInput, { top, height }: Plot): Vertical {
  const { series, domain, yScale: kind, ignoreOutliers, yLimits: limits, reference } = input;
  const fit = fitY(series, domain, { kind, ignoreOutliers, limits, reference: reference?.value ?? null });
  const scale = makeScale(fit.shown, [top + height, top], kind);
  return { ...fit, scale, axis: yAxis(fit.shown, height, kind) };
}

export function fitHorizontal({ domain, xScale, xKind }: LineInput, { left, width }: Plot): Scale | null {
  if (!domain || width <= 0) return null;
  // A moment is no amount; and what lies at or below zero has no logarithm.
  const kind = xKind === 'wall' || (xScale === 'log' && domain[0] <= 0) ? 'linear' : xScale;
  return makeScale(domain, [left, left + width], kind);
}

export function countPoints({ series }: LineInput): number {
  return series.reduce((sum, { x, faint }) => sum + x.length * (faint ? 2 : 1), 0);
}

export function paintChart(canvas: Canvas, input: LineInput, plot: Plot, x: Scale, vertical: Vertical): void {
  const { context, ratio, newPath } = canvas;
  const { colours } = input;
  const axes = { context, plot, ratio, colours };
  drawYAxis(axes, vertical.axis, vertical.scale);
  drawXAxis(axes, xAxis(input.xKind, x, plot.width, input.locale), x);
  if (input.marked) drawMarked(axes, input.marked, x);
  const dense = !canvas.isFile && countPoints(input) > DENSE_POINTS;
  const frame: Frame = {
    context,
    newPath,
    plot,
    x,
    y: vertical.scale,
    ratio,
    dense,
    abandoned: colours.abandoned,
  };
  paintCurves(frame, input);
  if (input.flags) drawFlags(axes, input.flags, x);
  if (input.reference) drawReference(axes, input.reference, vertical.scale);
  paintBeyond(frame, input, vertical);
}

function paintCurves(frame: Frame, input: LineInput): void {
  const { context, plot } = frame;
  const { series } = input;
  // A run that is not in this chart has nothing to be brought forward.
  const emphasis = series.some(({ name }) => name === input.emphasis) ? input.emphasis : null;
  const opacity = (name: string): number => (emphasis === null || emphasis === name ? 1 : STEPPED_BACK);
  const ordered = emphasis === null ? series : [...series].sort((a, b) => opacity(a.name) - opacity(b.name));
  context.save();
  context.beginPath();
  // A little larger than the plot, so that lines and dots at its edges stay whole.
  context.rect(plot.left - EDGE, plot.top - EDGE, plot.width + 2 * EDGE, plot.height + 2 * EDGE);
  context.clip();
  for (const [first, second] of input.bands ?? []) {
    if (series[first] && series[second])
      drawBand(frame, series[first], series[second], BAND * opacity(series[first].name));
  }
  for (const one of ordered) drawSpread(frame, one, BAND * opacity(one.name));
  for (const one of ordered) {
    if (one.faint) drawLine(frame, one, one.faint, FAINT * opacity(one.name));
  }
  for (const one of ordered) drawLine(frame, one, one.y, opacity(one.name));
  for (const one of ordered) drawMarkers(frame, one, opacity(one.name));
  context.restore();
}

// What lies beyond the axis is told by how far it goes, so that nothing seems not to exist.
function paintBeyond({ context, plot }: Frame, { colours }: LineInput, { extent, shown }: Vertical): void {
  if (!extent) return;
  const right = plot.left + plot.width - 4;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  const say = (text: string, y: number): void => {
    const { width } = context.measureText(text);
    context.globalAlpha = 0.85;
    context.fillStyle = colours.surface;
    context.fillRect(right - width - 3, y - 8, width + 6, 16);
    context.globalAlpha = 1;
    context.fillStyle = colours.text;
    context.fillText(text, right, y);
  };
  if (extent[1] > shown[1]) say(`↑ ${formatValue(extent[1], 4)}`, plot.top + 9);
  if (extent[0] < shown[0]) say(`↓ ${formatValue(extent[0], 4)}`, plot.top + plot.height - 10);
}
