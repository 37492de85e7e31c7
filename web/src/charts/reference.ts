// Draws the horizontal line at a typed value, with what it is called.
import type { AxesFrame } from './axes';
import { formatValue } from './format';
import type { Scale } from './scale';
import type { Reference } from './types';

export function drawReference(frame: AxesFrame, { value, name }: Reference, y: Scale): void {
  const { context, plot, colours } = frame;
  const py = y.toPixel(value);
  // A value beyond typed limits, or without a logarithm, has no place on this axis.
  if (!(py >= plot.top - 0.5 && py <= plot.top + plot.height + 0.5)) return;
  context.strokeStyle = colours.strong;
  context.globalAlpha = 0.75;
  context.lineWidth = 1;
  context.setLineDash([7, 4]);
  context.beginPath();
  context.moveTo(plot.left, py);
  context.lineTo(plot.left + plot.width, py);
  context.stroke();
  context.setLineDash([]);
  const label = name ? `${name} ${formatValue(value)}` : formatValue(value);
  const { width } = context.measureText(label);
  // Above the line, unless that is outside of the plot.
  const above = py - 16 >= plot.top;
  const middle = above ? py - 8 : py + 9;
  context.globalAlpha = 0.85;
  context.fillStyle = colours.surface;
  context.fillRect(plot.left + 4, middle - 7, width + 6, 14);
  context.globalAlpha = 1;
  context.fillStyle = colours.strong;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillText(label, plot.left + 7, middle);
}
