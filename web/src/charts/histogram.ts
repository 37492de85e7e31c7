// Histograms over steps on a canvas: ridges, lines, a heat map or bands of percentiles; and what is under the cursor.
import { drawXAxis, drawYAxis, labelWidth, xAxis, type Axis } from './axes';
import { bucketAt, densityOf, totalOf, type Buckets } from './density';
import { paintBands, paintHeat, paintLines, paintRidges, type Scene } from './histogramPaint';
import { makeScale, type Scale } from './scale';
import { Surface } from './surface';
import { valueAxis, valueScale } from './valueScale';
import type { ChartColours, Column, Plot, ScaleKind, XKind } from './types';

export type HistogramMode = 'ridge' | 'lines' | 'heat' | 'bands';

/** The histogram of a step, or the sum of those of neighbouring steps. */
export interface HistogramSlice extends Buckets {
  name: string;
  colour: string;
  /** Where it begins and ends on the axis of steps or times. */
  x: number;
  lastX: number;
  /** Histograms in the sum. */
  merged: number;
  /** Of all values, at TensorBoard's nine basis points. */
  percentiles: Column;
}

export interface HistogramInput {
  mode: HistogramMode;
  slices: readonly HistogramSlice[];
  scale: ScaleKind;
  /** Least and greatest value on the axis; null when there is none. */
  domain: [number, number] | null;
  /** Where a symmetric logarithmic axis turns linear. */
  near: number;
  xKind: XKind;
  /** The slice to bring forward; -1 for none. */
  chosen: number;
  colours: ChartColours;
  locale: string;
}

export interface HistogramHit {
  slice: number;
  /** Which bucket of it; -1 where there is none. */
  bucket: number;
  value: number;
}

const TOP = 8;
const BOTTOM = 24;
const RIGHT = 10;
const LEAST_GUTTER = 14;
const VALUE_LABEL_ROOM = 58;
/** Part of the plot's height that the tallest ridge takes. */
const RIDGE = 0.32;

export class HistogramChart extends Surface<HistogramInput, HistogramHit> {
  private scene: Scene | null = null;
  /** Of the slices that were drawn last, by their counts; and what else they depend on. */
  private densities = new Map<Column, Float32Array>();
  private densitiesFor = '';

  /** What is at a place of the canvas, in CSS pixels; null outside of the plot. */
  hit(px: number, py: number): HistogramHit | null {
    const { scene } = this;
    if (!scene) return null;
    const { plot, slices, value } = scene;
    if (px < plot.left || px > plot.left + plot.width || py < plot.top || py > plot.top + plot.height)
      return null;
    const upright = scene.mode === 'heat' || scene.mode === 'bands';
    const at = value.toValue(upright ? py : px);
    const slice = upright ? nearestSlice(scene, px) : frontSlice(scene, px, py);
    return slice < 0 ? null : { slice, bucket: bucketAt(slices[slice], at), value: at };
  }

  protected paint(): number {
    const { context, input } = this;
    this.scene = input.domain && input.slices.length > 0 ? this.layout(input.domain) : null;
    if (!this.scene) return 0;
    const paint = { ridge: paintRidges, lines: paintLines, heat: paintHeat, bands: paintBands }[input.mode];
    paint(context, this.scene, this.hovered);
    return this.scene.slices.length * Math.round(this.scene.plot.width);
  }

  /** Scales and axes; draws the axes, because only then the room that their labels need is known. */
  private layout(domain: [number, number]): Scene {
    const { context, size, input } = this;
    const { mode, slices } = input;
    const upright = mode === 'heat' || mode === 'bands';
    const xs = slices.flatMap(({ x, lastX }) => [x, lastX]);
    const span: [number, number] = [Math.min(...xs), Math.max(...xs)];
    const height = Math.max(10, size.height - TOP - BOTTOM);
    const values = (length: number, room: number): Axis =>
      valueAxis(input.scale, domain, input.near, Math.max(2, Math.floor(length / room)));
    const side = upright
      ? values(height, 36)
      : mode === 'ridge'
        ? xAxis(input.xKind, makeScale(span, [0, 1]), height * 1.8, input.locale)
        : { ticks: [], labels: [] };
    const left = Math.max(LEAST_GUTTER, labelWidth(context, side.labels) + 14);
    const plot: Plot = { left, top: TOP, width: Math.max(10, size.width - left - RIGHT), height };
    const across: [number, number] = [left, left + plot.width];
    const down: [number, number] = [TOP + height, TOP];
    const value = valueScale(input.scale, domain, upright ? down : across, input.near);
    const ridge = mode === 'ridge' ? height * RIDGE : height * 0.94;
    const x = makeScale(span, upright ? across : [TOP + ridge, TOP + height]);
    const frame = { context, plot, ratio: size.ratio, colours: input.colours };
    const bottom = upright
      ? xAxis(input.xKind, x, plot.width, input.locale)
      : values(plot.width, VALUE_LABEL_ROOM);
    drawYAxis(frame, side, upright ? value : x);
    drawXAxis(frame, bottom, upright ? x : value);
    const pixels = Math.max(1, Math.round((upright ? height : plot.width) * size.ratio));
    const densities = mode === 'bands' ? [] : this.densitiesOf(slices, value, plot, pixels, upright);
    const most = densities.reduce(
      (high, density) =>
        Math.max(
          high,
          density.reduce((a, b) => Math.max(a, b), 0),
        ),
      0,
    );
    return { ...input, plot, value, x, ridge, densities, most: most || 1, pixels, ratio: size.ratio };
  }

  /** Parts of each slice's values in each device pixel along the value axis; only of new slices or axes are they counted. */
  private densitiesOf(
    slices: readonly HistogramSlice[],
    value: Scale,
    plot: Plot,
    pixels: number,
    upright: boolean,
  ): Float32Array[] {
    const { scale, domain, near } = this.input;
    const { ratio } = this.size;
    const origin = upright ? plot.top : plot.left;
    const wanted = JSON.stringify([scale, domain, near, plot, pixels, upright, ratio]);
    const known = wanted === this.densitiesFor ? this.densities : new Map<Column, Float32Array>();
    const toPixel = (at: number): number => (value.toPixel(at) - origin) * ratio;
    const found = slices.map((slice) => known.get(slice.count) ?? density(slice, toPixel, pixels));
    this.densities = new Map(slices.map(({ count }, i) => [count, found[i]]));
    this.densitiesFor = wanted;
    return found;
  }
}

/** Parts of a slice's values in each pixel. */
function density(slice: HistogramSlice, toPixel: (value: number) => number, pixels: number): Float32Array {
  const counts = densityOf(slice, toPixel, pixels);
  const total = totalOf(slice);
  if (total > 0) for (let i = 0; i < pixels; i++) counts[i] /= total;
  return counts;
}

function nearestSlice({ slices, x }: Scene, px: number): number {
  let best = -1;
  let distance = Infinity;
  slices.forEach((slice, i) => {
    const away = Math.abs(x.toPixel((slice.x + slice.lastX) / 2) - px);
    if (away < distance) [best, distance] = [i, away];
  });
  return best;
}

/** The slice that is seen at a place: the foremost that covers it, else the one whose line is nearest. */
function frontSlice(scene: Scene, px: number, py: number): number {
  const at = Math.min(Math.floor((px - scene.plot.left) * scene.ratio), scene.pixels - 1);
  let best = -1;
  let distance = Infinity;
  for (let i = scene.slices.length - 1; i >= 0; i--) {
    const base =
      scene.mode === 'ridge' ? scene.x.toPixel(scene.slices[i].x) : scene.plot.top + scene.plot.height;
    const line = base - (scene.densities[i][at] / scene.most) * scene.ridge;
    if (scene.mode === 'ridge' && py <= base && py >= line) return i;
    const away = Math.abs(line - py);
    if (away < distance) [best, distance] = [i, away];
  }
  return best;
}
