// Draws named moments: a line up from the x axis, and a flag with the name as far as names have room.
import { AXIS_FONT, type AxesFrame } from './axes';
import type { Scale } from './scale';

export interface Flag {
  x: number;
  label: string;
  colour: string;
}

export interface PlacedFlag {
  flag: Flag;
  px: number;
  /** Left edge and width of its name, and the row from the top that it stands in; null where there is no room. */
  name: { left: number; width: number; row: number } | null;
}

const ROW = 16;
const ROWS = 3;
const PAD = 4;
const GAP = 3;
const LONGEST = 18;

export const shortened = (label: string): string =>
  label.length <= LONGEST ? label : `${label.slice(0, LONGEST - 1)}…`;

/** Flags inside the plot, from the left; each name in the first row where it touches no other. */
export function placeFlags(
  flags: readonly Flag[],
  x: Scale,
  { left, width }: { left: number; width: number },
  widthOf: (text: string) => number,
): PlacedFlag[] {
  const free = new Array<number>(ROWS).fill(-Infinity);
  return flags
    .map((flag) => ({ flag, px: x.toPixel(flag.x) }))
    .filter(({ px }) => px >= left - 0.5 && px <= left + width + 0.5)
    .sort((a, b) => a.px - b.px)
    .map(({ flag, px }) => {
      const wide = widthOf(shortened(flag.label)) + 2 * PAD;
      // At the right edge the flag flies to the left.
      const at = Math.min(px, left + width - wide);
      const row = free.findIndex((from) => at >= from);
      if (row < 0 || at < left) return { flag, px, name: null };
      free[row] = at + wide + GAP;
      return { flag, px, name: { left: at, width: wide, row } };
    });
}

export function drawFlags(frame: AxesFrame, flags: readonly Flag[], x: Scale): void {
  const { context, plot, colours, ratio } = frame;
  context.font = AXIS_FONT;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  const placed = placeFlags(flags, x, plot, (text) => context.measureText(text).width);
  const bottom = plot.top + plot.height;
  for (const { flag, px, name } of placed) {
    const middle = (Math.round(px * ratio - 0.5) + 0.5) / ratio;
    context.strokeStyle = context.fillStyle = flag.colour;
    context.globalAlpha = 0.55;
    context.lineWidth = 1;
    context.setLineDash([2, 3]);
    context.beginPath();
    context.moveTo(middle, name ? plot.top + name.row * ROW : bottom - 8);
    context.lineTo(middle, bottom);
    context.stroke();
    context.setLineDash([]);
    context.globalAlpha = 1;
    // Its foot on the axis, which is there even where the name has no room.
    context.beginPath();
    context.moveTo(middle - 4, bottom);
    context.lineTo(middle + 4, bottom);
    context.lineTo(middle, bottom - 6);
    context.closePath();
    context.fill();
  }
  for (const { flag, name } of placed) {
    if (!name) continue;
    const top = plot.top + name.row * ROW;
    context.globalAlpha = 0.9;
    context.fillStyle = colours.surface;
    context.fillRect(name.left, top, name.width, ROW - 2);
    context.globalAlpha = 0.16;
    context.fillStyle = flag.colour;
    context.fillRect(name.left, top, name.width, ROW - 2);
    context.globalAlpha = 1;
    context.fillStyle = colours.ink;
    context.fillText(shortened(flag.label), name.left + PAD, top + ROW / 2 - 0.5);
  }
}
