// Draws the grid and the labels around a plot, and says how much room the labels need.
import { durationLabels, logLabels, symlogLabels, tickLabels, wallLabels } from './format';
import type { Scale } from './scale';
import { durationTicks, linearTicks, logTicks, stepTicks, symlogTicks, wallTicks } from './ticks';
import type { ChartColours, Plot, ScaleKind, Surface, XKind } from './types';

export interface Axis {
  ticks: number[];
  labels: string[];
}

export const AXIS_FONT = '11px ui-sans-serif, system-ui, sans-serif';
/** Room per label: times of day are longer than counts. */
const X_LABEL_ROOM: Record<XKind, number> = { step: 62, relative: 62, wall: 84, tag: 62 };
const Y_LABEL_ROOM = 42;

export function xAxis(kind: XKind, scale: Scale, width: number, locale: string): Axis {
  const { domain } = scale;
  const count = Math.max(2, Math.floor(width / X_LABEL_ROOM[kind]));
  if (scale.kind !== 'linear') {
    const ticks = scale.kind === 'log' ? logTicks(domain, count) : symlogTicks(domain, count);
    const label = kind === 'relative' ? durationLabels : stepLabels;
    return { ticks, labels: ticks.map((tick) => label([tick])[0]) };
  }
  if (kind === 'wall') {
    const ticks = wallTicks(domain, count);
    return { ticks, labels: wallLabels(ticks, locale) };
  }
  if (kind === 'relative') {
    const ticks = durationTicks(domain, count);
    return { ticks, labels: durationLabels(ticks) };
  }
  const ticks = kind === 'tag' ? linearTicks(domain, count) : stepTicks(domain, count);
  return { ticks, labels: stepLabels(ticks) };
}

// Steps are counts: 250k reads better than 250000, and 1.25M better than 1.25e6.
function stepLabels(ticks: number[]): string[] {
  const largest = Math.max(0, ...ticks.map(Math.abs));
  const [unit, name] =
    largest >= 1e12
      ? [1, '']
      : largest >= 1e9
        ? [1e9, 'B']
        : largest >= 1e6
          ? [1e6, 'M']
          : largest >= 1e4
            ? [1e3, 'k']
            : [1, ''];
  return tickLabels(ticks.map((tick) => tick / unit)).map((label, i) =>
    ticks[i] === 0 ? '0' : label + name,
  );
}

export function yAxis(domain: [number, number], height: number, kind: ScaleKind): Axis {
  const count = Math.max(2, Math.floor(height / Y_LABEL_ROOM));
  if (kind === 'symlog') {
    const ticks = symlogTicks(domain, count);
    return { ticks, labels: symlogLabels(ticks) };
  }
  const ticks = kind === 'log' ? logTicks(domain, count) : linearTicks(domain, count);
  return { ticks, labels: kind === 'log' ? logLabels(ticks) : tickLabels(ticks) };
}

/** Width of the widest label in CSS pixels. */
export function labelWidth(context: Surface, labels: readonly string[]): number {
  context.font = AXIS_FONT;
  return Math.max(0, ...labels.map((label) => context.measureText(label).width));
}

export interface AxesFrame {
  context: Surface;
  plot: Plot;
  ratio: number;
  colours: ChartColours;
}

export function drawYAxis(frame: AxesFrame, axis: Axis, scale: Scale): void {
  const { context, plot, colours } = frame;
  context.font = AXIS_FONT;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  axis.ticks.forEach((tick, i) => {
    const py = crisp(scale.toPixel(tick), frame.ratio);
    stroke(frame, colours.grid, [plot.left, py, plot.left + plot.width, py]);
    context.fillStyle = colours.text;
    context.fillText(axis.labels[i], plot.left - 7, py);
  });
}

export function drawXAxis(frame: AxesFrame, axis: Axis, scale: Scale): void {
  const { context, plot, colours, ratio } = frame;
  const bottom = plot.top + plot.height;
  context.font = AXIS_FONT;
  context.textBaseline = 'top';
  context.textAlign = 'left';
  let free = -Infinity;
  axis.ticks.forEach((tick, i) => {
    const px = scale.toPixel(tick);
    stroke(frame, colours.grid, [crisp(px, ratio), plot.top, crisp(px, ratio), bottom]);
    const width = context.measureText(axis.labels[i]).width;
    // Labels at the ends are shifted inwards rather than cut, and one that would touch its neighbour is left out.
    const left = Math.min(Math.max(px - width / 2, 2), plot.left + plot.width + 6 - width);
    if (left < free) return;
    free = left + width + 8;
    context.fillStyle = colours.text;
    context.fillText(axis.labels[i], left, bottom + 6);
  });
  stroke(frame, colours.axis, [
    plot.left,
    crisp(bottom, ratio),
    plot.left + plot.width,
    crisp(bottom, ratio),
  ]);
}

function stroke({ context, ratio }: AxesFrame, colour: string, [x1, y1, x2, y2]: number[]): void {
  context.strokeStyle = colour;
  context.lineWidth = 1 / ratio;
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

// A hairline is crisp when its middle falls on the middle of a device pixel.
function crisp(value: number, ratio: number): number {
  return (Math.round(value * ratio - 0.5) + 0.5) / ratio;
}
