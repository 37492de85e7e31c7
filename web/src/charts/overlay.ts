// Draws what follows the cursor (crosshair, dots, the box of a zoom) on a second canvas, so curves stay untouched.
import type { ChartColours, Hit, Plot } from './types';

export interface OverlayInput {
  plot: Plot;
  colours: ChartColours;
  /** Where the crosshair stands; null when there is no cursor. */
  px: number | null;
  hits: readonly Hit[];
  colourOf(series: number): string;
  /** The box being dragged, as two x positions. */
  box: readonly [number, number] | null;
}

export function drawOverlay(canvas: HTMLCanvasElement, ratio: number, input: OverlayInput): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  const context = canvas.getContext('2d');
  if (!context) return;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  if (input.box) drawBox(context, input, input.box);
  else if (input.px !== null) drawCursor(context, input, input.px, ratio);
}

function drawBox(
  context: CanvasRenderingContext2D,
  { plot, colours }: OverlayInput,
  [from, to]: readonly [number, number],
): void {
  context.fillStyle = context.strokeStyle = colours.accent;
  context.globalAlpha = 0.13;
  context.fillRect(from, plot.top, to - from, plot.height);
  context.globalAlpha = 0.8;
  context.lineWidth = 1;
  context.beginPath();
  for (const px of [from, to]) {
    context.moveTo(px, plot.top);
    context.lineTo(px, plot.top + plot.height);
  }
  context.stroke();
  context.globalAlpha = 1;
}

function drawCursor(
  context: CanvasRenderingContext2D,
  { plot, colours, hits, colourOf }: OverlayInput,
  px: number,
  ratio: number,
): void {
  const middle = (Math.round(px * ratio - 0.5) + 0.5) / ratio;
  context.strokeStyle = colours.text;
  context.globalAlpha = 0.55;
  context.lineWidth = 1 / ratio;
  context.beginPath();
  context.moveTo(middle, plot.top);
  context.lineTo(middle, plot.top + plot.height);
  context.stroke();
  context.globalAlpha = 1;
  // The nearest is drawn last, on top.
  for (let i = hits.length - 1; i >= 0; i--) {
    const hit = hits[i];
    if (hit.px < plot.left - 1 || hit.px > plot.left + plot.width + 1) continue;
    context.beginPath();
    context.arc(hit.px, hit.py, i === 0 ? 4 : 3, 0, 2 * Math.PI);
    context.fillStyle = colourOf(hit.series);
    context.fill();
    context.strokeStyle = colours.surface;
    context.lineWidth = 1.5;
    context.stroke();
  }
}
