// Paints the slices of histograms, once scales and densities are known.
import type { HistogramHit, HistogramInput } from './histogram';
import type { Scale } from './scale';
import type { Plot } from './types';

export interface Scene extends HistogramInput {
  plot: Plot;
  value: Scale;
  /** Of steps or times. */
  x: Scale;
  /** Height of the tallest ridge in CSS pixels. */
  ridge: number;
  /** Per slice the part of its values in each device pixel of the value axis; empty for bands. */
  densities: readonly Float32Array[];
  /** The greatest of them. */
  most: number;
  pixels: number;
  ratio: number;
}

type Context = CanvasRenderingContext2D;

/** One behind the other, the first at the back. */
export function paintRidges(context: Context, scene: Scene, hovered: HistogramHit | null): void {
  const { slices, densities, colours, x } = scene;
  slices.forEach((slice, i) => {
    const base = x.toPixel(slice.x);
    const marked = hovered?.slice === i || (!hovered && scene.chosen === i);
    outline(context, scene, densities[i], base);
    context.globalAlpha = 1;
    context.fillStyle = mixed(colours.surface, slice.colour, 0.4 + (0.6 * (i + 1)) / slices.length);
    context.fill();
    // A line along the ground would cut what stands behind.
    if (!marked) crest(context, scene, densities[i], base);
    context.globalAlpha = marked ? 1 : 0.6;
    context.strokeStyle = marked ? colours.strong : colours.surface;
    context.lineWidth = marked ? 1.5 : 0.75;
    context.stroke();
  });
  context.globalAlpha = 1;
  if (hovered) cursor(context, scene, hovered);
}

/** All on one ground. */
export function paintLines(context: Context, scene: Scene, hovered: HistogramHit | null): void {
  const { slices, densities, plot } = scene;
  const marked = hovered?.slice ?? scene.chosen;
  const order = slices.map((_, i) => i).sort((a, b) => Number(a === marked) - Number(b === marked));
  const few = slices.length <= 6;
  for (const i of order) {
    outline(context, scene, densities[i], plot.top + plot.height);
    context.strokeStyle = context.fillStyle = slices[i].colour;
    context.globalAlpha = few ? 0.12 : i === marked ? 0.15 : 0;
    if (context.globalAlpha > 0) context.fill();
    context.globalAlpha = few || i === marked ? 1 : 0.15 + (0.5 * (i + 1)) / slices.length;
    context.lineWidth = i === marked ? 2 : 1.25;
    context.stroke();
  }
  context.globalAlpha = 1;
  if (hovered) cursor(context, scene, hovered);
}

/** The path of one density over its base, closed along it. */
function outline(context: Context, scene: Scene, density: Float32Array, base: number): void {
  const { plot, pixels, ratio, ridge, most } = scene;
  const height = (pixel: number): number => base - (density[pixel] / most) * ridge;
  context.beginPath();
  context.moveTo(plot.left, base);
  for (let pixel = 0; pixel < pixels; pixel++) {
    // A step has two corners; flat stretches need only their ends.
    const flat = pixel > 0 && pixel < pixels - 1 && density[pixel] === density[pixel - 1];
    if (flat && density[pixel] === density[pixel + 1]) continue;
    context.lineTo(plot.left + pixel / ratio, height(pixel));
    context.lineTo(plot.left + (pixel + 1) / ratio, height(pixel));
  }
  context.lineTo(plot.left + plot.width, base);
}

/** The upper side of a density, where there is any. */
function crest(context: Context, scene: Scene, density: Float32Array, base: number): void {
  const { plot, pixels, ratio, ridge, most } = scene;
  context.beginPath();
  let up = false;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const height = base - (density[pixel] / most) * ridge;
    const x = plot.left + pixel / ratio;
    const shown = base - height >= 0.5;
    if (shown && !up) context.moveTo(x, height);
    if (shown) {
      context.lineTo(x, height);
      context.lineTo(x + 1 / ratio, height);
    }
    up = shown;
  }
}

/** Slices as columns; the more values, the more colour, by the square root of their part. */
export function paintHeat(context: Context, scene: Scene, hovered: HistogramHit | null): void {
  const { slices, densities, most, plot, pixels, colours } = scene;
  const column = context.canvas.ownerDocument.createElement('canvas');
  [column.width, column.height] = [1, pixels];
  const strip = column.getContext('2d');
  if (!strip) return;
  const edges = columnEdges(scene);
  context.imageSmoothingEnabled = false;
  slices.forEach((slice, i) => {
    const [red, green, blue] = channels(slice.colour);
    const image = strip.createImageData(1, pixels);
    densities[i].forEach((part, pixel) => {
      image.data.set([red, green, blue, Math.round(255 * Math.sqrt(part / most))], 4 * pixel);
    });
    strip.putImageData(image, 0, 0);
    context.drawImage(column, edges[i], plot.top, edges[i + 1] - edges[i], plot.height);
  });
  context.imageSmoothingEnabled = true;
  const marked = hovered?.slice ?? scene.chosen;
  if (marked >= 0 && marked < slices.length) {
    context.strokeStyle = colours.strong;
    context.lineWidth = 1;
    context.strokeRect(edges[marked], plot.top, Math.max(1, edges[marked + 1] - edges[marked]), plot.height);
  }
}

/** Left and right of each column: halfway to its neighbours. */
function columnEdges({ slices, x, plot, ratio }: Scene): number[] {
  const middles = slices.map((slice) => x.toPixel((slice.x + slice.lastX) / 2));
  const inner = middles.slice(1).map((middle, i) => (middle + middles[i]) / 2);
  return [plot.left, ...inner, plot.left + plot.width].map((edge) => Math.round(edge * ratio) / ratio);
}

/** Bands between percentiles, the nearer to the median the stronger, and the median as a line. */
export function paintBands(context: Context, scene: Scene, hovered: HistogramHit | null): void {
  const { x, value, plot, colours } = scene;
  const slices = scene.slices.filter(({ percentiles }) => Number.isFinite(percentiles[4]));
  if (slices.length === 0) return;
  const { colour } = slices[slices.length - 1];
  const px = (i: number): number => x.toPixel((slices[i].x + slices[i].lastX) / 2);
  const py = (i: number, band: number): number =>
    Math.min(
      Math.max(finite(value.toPixel(slices[i].percentiles[band]), plot), plot.top),
      plot.top + plot.height,
    );
  const along = (band: number, back: boolean): void => {
    for (let n = 0; n < slices.length; n++) {
      const i = back ? slices.length - 1 - n : n;
      context.lineTo(px(i), py(i, band));
    }
  };
  for (let band = 0; band < 4; band++) {
    context.beginPath();
    along(band, false);
    along(8 - band, true);
    context.globalAlpha = 0.17 + 0.04 * band;
    context.fillStyle = colour;
    context.fill();
  }
  context.globalAlpha = 1;
  context.beginPath();
  along(4, false);
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.stroke();
  const marked = scene.slices[hovered?.slice ?? scene.chosen];
  if (!marked) return;
  const at = x.toPixel((marked.x + marked.lastX) / 2);
  line(context, colours.strong, at, plot.top, at, plot.top + plot.height);
}

/** Zero and less on a logarithmic axis are at its bottom. */
function finite(pixel: number, plot: Plot): number {
  return Number.isFinite(pixel) ? pixel : plot.top + plot.height;
}

function cursor(context: Context, { plot, value, colours }: Scene, hit: HistogramHit): void {
  const px = value.toPixel(hit.value);
  context.globalAlpha = 0.5;
  line(context, colours.strong, px, plot.top, px, plot.top + plot.height);
  context.globalAlpha = 1;
}

function line(context: Context, colour: string, x1: number, y1: number, x2: number, y2: number): void {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

/** Red, green and blue of '#rrggbb' or, as a minified style sheet has it, '#rgb'. */
function channels(colour: string): [number, number, number] {
  const long =
    colour.length < 7 ? [...colour.slice(1, 4)].map((digit) => digit + digit).join('') : colour.slice(1);
  const part = (at: number): number => parseInt(long.slice(at, at + 2), 16) || 0;
  return [part(0), part(2), part(4)];
}

/** A colour between two, both as '#rrggbb'. */
function mixed(from: string, to: string, part: number): string {
  const [a, b] = [channels(from), channels(to)];
  return `rgb(${a.map((level, i) => Math.round(level + (b[i] - level) * part)).join(' ')})`;
}
