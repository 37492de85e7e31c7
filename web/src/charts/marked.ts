// Draws the steps that all cards look at: a line or a band through the plot, with handles on the x axis.
import { formatValue } from './format';
import type { AxesFrame } from './axes';
import type { Scale } from './scale';

const HANDLE = 15;

export function drawMarked(frame: AxesFrame, [from, to]: readonly [number, number], x: Scale): void {
  const { context, plot, colours } = frame;
  const [left, right] = [from, to].map((value) =>
    Math.min(Math.max(x.toPixel(value), plot.left), plot.left + plot.width),
  );
  if (!(left <= right)) return;
  if (to > from) {
    context.globalAlpha = 0.1;
    context.fillStyle = colours.accent;
    context.fillRect(left, plot.top, right - left, plot.height);
    context.globalAlpha = 1;
  }
  for (const value of to > from ? [from, to] : [from]) drawHandle(frame, value, x);
}

function drawHandle({ context, plot, colours }: AxesFrame, value: number, x: Scale): void {
  const px = x.toPixel(value);
  // A step outside of the zoom has no place on this axis.
  if (!(px >= plot.left - 0.5 && px <= plot.left + plot.width + 0.5)) return;
  const bottom = plot.top + plot.height;
  context.strokeStyle = colours.accent;
  context.lineWidth = 1;
  context.setLineDash([4, 3]);
  context.beginPath();
  context.moveTo(px, plot.top);
  context.lineTo(px, bottom);
  context.stroke();
  context.setLineDash([]);
  const label = formatValue(value, 9);
  const width = context.measureText(label).width + 10;
  const left = Math.min(Math.max(px - width / 2, 0), plot.left + plot.width + 10 - width);
  context.fillStyle = colours.accent;
  context.fillRect(left, bottom + 3, width, HANDLE + 2);
  context.fillStyle = colours.surface;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(label, left + width / 2, bottom + 4 + HANDLE / 2);
}

/** How near to a handle, in CSS pixels, a press takes hold of it. */
const GRIP = 12;

/** The end that stays when a press at `px` takes hold of the other; null where it begins something new. */
export function anchorOf(marked: readonly [number, number] | null, x: Scale, px: number): number | null {
  if (!marked || marked[0] === marked[1]) return null;
  const [from, to] = marked.map((value) => Math.abs(x.toPixel(value) - px));
  if (Math.min(from, to) > GRIP) return null;
  return from < to ? marked[1] : marked[0];
}
