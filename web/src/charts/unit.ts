// Curves in the unit square, such as precision over recall: drawn on a canvas, nearest points, level lines.
import { drawXAxis, drawYAxis, labelWidth } from './axes';
import { tickLabels } from './format';
import { makeScale, type Scale } from './scale';
import { Surface } from './surface';
import { linearTicks } from './ticks';
import type { ChartColours, Column, Plot } from './types';

export interface UnitCurve {
  name: string;
  colour: string;
  x: Column;
  y: Column;
}

/** A line of reference with its name at its end. */
export interface LevelLine {
  name: string;
  x: Column;
  y: Column;
}

export interface UnitInput {
  curves: readonly UnitCurve[];
  levels: readonly LevelLine[];
  xName: string;
  yName: string;
  /** The curve to bring forward. */
  emphasis: string | null;
  colours: ChartColours;
}

export interface UnitHit {
  curve: number;
  index: number;
  px: number;
  py: number;
}

const EDGES = { top: 8, bottom: 38, right: 12, name: 16 };
const STEPPED_BACK = 0.16;
/** How far from a point, in CSS pixels, the cursor still means it. */
const REACH = 40;

export class UnitChart extends Surface<UnitInput, UnitHit> {
  private plot: Plot = { left: 0, top: 0, width: 0, height: 0 };
  private x: Scale = makeScale([0, 1], [0, 1]);
  private y: Scale = makeScale([0, 1], [1, 0]);

  /** The point that is nearest to the cursor; null where none is near. */
  hit(px: number, py: number): UnitHit | null {
    let best: UnitHit | null = null;
    let nearest = REACH * REACH;
    this.input.curves.forEach(({ x, y }, curve) => {
      for (let index = 0; index < x.length; index++) {
        const at = { px: this.x.toPixel(x[index]), py: this.y.toPixel(y[index]) };
        const distance = (at.px - px) ** 2 + (at.py - py) ** 2;
        if (distance < nearest) [best, nearest] = [{ curve, index, ...at }, distance];
      }
    });
    return best;
  }

  protected paint(): number {
    const { input } = this;
    this.drawAxes();
    this.drawLevels();
    const shown = input.curves.some(({ name }) => name === input.emphasis) ? input.emphasis : null;
    for (const curve of input.curves) {
      this.drawLine(curve, curve.colour, shown === null || shown === curve.name ? 1 : STEPPED_BACK);
    }
    if (this.hovered && input.curves[this.hovered.curve]) this.drawDot(this.hovered);
    return input.curves.reduce((sum, { x }) => sum + x.length, 0);
  }

  private drawAxes(): void {
    const { context, size, input } = this;
    const height = Math.max(10, size.height - EDGES.top - EDGES.bottom);
    const ticksOf = (length: number, room: number): number[] =>
      linearTicks([0, 1], Math.max(2, Math.floor(length / room)));
    const yTicks = ticksOf(height, 36);
    const left = labelWidth(context, tickLabels(yTicks)) + 14 + EDGES.name;
    this.plot = { left, top: EDGES.top, width: Math.max(10, size.width - left - EDGES.right), height };
    this.x = makeScale([0, 1], [left, left + this.plot.width]);
    this.y = makeScale([0, 1], [EDGES.top + height, EDGES.top]);
    const frame = { context, plot: this.plot, ratio: size.ratio, colours: input.colours };
    const xTicks = ticksOf(this.plot.width, 62);
    drawYAxis(frame, { ticks: yTicks, labels: tickLabels(yTicks) }, this.y);
    drawXAxis(frame, { ticks: xTicks, labels: tickLabels(xTicks) }, this.x);
    context.fillStyle = input.colours.text;
    context.textAlign = 'center';
    context.textBaseline = 'bottom';
    context.fillText(input.xName, left + this.plot.width / 2, size.height - 1);
    context.save();
    context.translate(1, EDGES.top + height / 2);
    context.rotate(-Math.PI / 2);
    context.textBaseline = 'top';
    context.fillText(input.yName, 0, 0);
    context.restore();
  }

  private drawLevels(): void {
    const { context, input } = this;
    context.setLineDash([3, 3]);
    for (const level of input.levels) {
      this.drawLine(level, input.colours.axis, 1, 1);
      const last = level.x.length - 1;
      context.fillStyle = input.colours.text;
      context.textAlign = 'right';
      context.textBaseline = 'bottom';
      context.fillText(level.name, this.x.toPixel(level.x[last]) - 2, this.y.toPixel(level.y[last]) - 1);
    }
    context.setLineDash([]);
  }

  private drawLine({ x, y }: { x: Column; y: Column }, colour: string, opacity: number, width = 1.5): void {
    const { context } = this;
    context.beginPath();
    for (let i = 0; i < x.length; i++) context.lineTo(this.x.toPixel(x[i]), this.y.toPixel(y[i]));
    context.strokeStyle = colour;
    context.globalAlpha = opacity;
    context.lineWidth = width;
    context.lineJoin = 'round';
    context.stroke();
    context.globalAlpha = 1;
  }

  private drawDot({ curve, px, py }: UnitHit): void {
    const { context, input } = this;
    context.beginPath();
    context.arc(px, py, 4, 0, 2 * Math.PI);
    context.fillStyle = input.curves[curve].colour;
    context.fill();
    context.strokeStyle = input.colours.surface;
    context.lineWidth = 1.5;
    context.stroke();
  }
}
