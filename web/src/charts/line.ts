// A line chart on a canvas: many curves, axes, and answers to "what is under the cursor".
import { labelWidth } from './axes';
import { figureOf, type FigureText } from './figure';
import { covers, nearestPoint } from './nearest';
import { countPoints, fitHorizontal, fitVertical, paintChart } from './paint';
import { cancelDraw, scheduleDraw } from './queue';
import type { Scale } from './scale';
import type { Hit, LineInput, Plot } from './types';

const TOP = 8;
const BOTTOM = 24;
const RIGHT = 10;
const GUTTER = 46;
/** The gutter grows in steps, because each change of the plot's width asks the server anew. */
const GUTTER_STEP = 12;
/** How far in CSS pixels beyond its ends a curve still answers to the cursor. */
const REACH = 16;

export class LineChart {
  plot: Plot = { left: GUTTER, top: TOP, width: 0, height: 0 };
  x: Scale | null = null;
  y: Scale | null = null;
  private readonly context: CanvasRenderingContext2D;
  private size = { width: 0, height: 0, ratio: 1 };
  private gutter = GUTTER;
  private readonly redraw = (): number => this.draw();

  /** `onPlot` is told whenever the plot's width in device pixels changes, `onDrawn` that hits may be others. */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    private input: LineInput,
    private readonly onPlot: (devicePixels: number) => void,
    private readonly onDrawn: () => void,
  ) {
    const context = canvas.getContext('2d');
    if (!context) throw new Error('line chart: this browser gives no 2d canvas');
    this.context = context;
  }

  resize(width: number, height: number, ratio: number): void {
    const { size } = this;
    if (size.width === width && size.height === height && size.ratio === ratio) return;
    this.size = { width, height, ratio };
    this.layout();
    scheduleDraw(this.redraw);
  }

  update(input: LineInput): void {
    this.input = input;
    scheduleDraw(this.redraw);
  }

  destroy(): void {
    cancelDraw(this.redraw);
  }

  /** The chart as a picture to keep, with its title and a legend: SVG's source, or a canvas three times as fine. */
  figure(text: FigureText): { svg: () => string; canvas: () => HTMLCanvasElement } {
    return figureOf(this.input, this.plot, text);
  }

  /** The nearest point of each series that spans the cursor or ends close to it, nearest to the cursor first. */
  hits(px: number, py: number): Hit[] {
    const { x, y } = this;
    if (!x || !y) return [];
    const cursor = { x: x.toValue(px), y: y.toValue(py) };
    const hits: Hit[] = [];
    this.input.series.forEach((series, s) => {
      const index = nearestPoint(series.x, series.y, series.segments, cursor);
      if (index < 0) return;
      const hit = this.hit(s, index, py);
      if (Math.abs(hit.px - px) <= REACH || covers(series.x, series.segments, cursor.x)) hits.push(hit);
    });
    return hits.sort((a, b) => a.distance - b.distance);
  }

  private hit(series: number, index: number, py: number): Hit {
    const { x, y } = this.input.series[series];
    const { top, height } = this.plot;
    const drawn = this.y?.toPixel(y[index]) ?? NaN;
    const at = Number.isFinite(drawn) ? drawn : y[index] === Infinity ? top : top + height;
    return { series, index, px: this.x?.toPixel(x[index]) ?? NaN, py: at, distance: Math.abs(at - py) };
  }

  private layout(): void {
    const { width, height, ratio } = this.size;
    const left = Math.round(this.gutter * ratio) / ratio;
    // Whole device pixels, so that the server's pixel columns are the screen's.
    const columns = Math.max(0, Math.floor((width - left - RIGHT) * ratio));
    const changed = Math.round(this.plot.width * ratio) !== columns;
    this.plot = { left, top: TOP, width: columns / ratio, height: Math.max(0, height - TOP - BOTTOM) };
    if (changed && columns > 0) this.onPlot(columns);
  }

  /** Returns how many points it drew. */
  private draw(): number {
    const { context, canvas, size, input } = this;
    if (size.width === 0) return 0;
    const [w, h] = [Math.round(size.width * size.ratio), Math.round(size.height * size.ratio)];
    if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
    context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    const vertical = fitVertical(input, this.plot);
    this.makeRoom(vertical.axis.labels);
    this.x = fitHorizontal(input, this.plot);
    this.y = this.x && vertical.scale;
    if (!this.x) return 0;
    const surface = { context, newPath: () => new Path2D(), ratio: size.ratio, isFile: false };
    paintChart(surface, input, this.plot, this.x, vertical);
    this.onDrawn();
    return countPoints(input);
  }

  private makeRoom(labels: readonly string[]): void {
    const room = labelWidth(this.context, labels) + 12;
    const gutter = GUTTER + Math.max(0, Math.ceil((room - GUTTER) / GUTTER_STEP)) * GUTTER_STEP;
    if (gutter === this.gutter) return;
    this.gutter = gutter;
    this.layout();
  }
}
