// A line chart on a canvas: many curves, axes, and answers to "what is under the cursor".
import { drawXAxis, drawYAxis, labelWidth, xAxis, yAxis, type Axis } from './axes';
import { covers, nearestPoint } from './nearest';
import { DENSE_POINTS, drawBand, drawLine, drawMarkers, type Frame } from './paths';
import { cancelDraw, scheduleDraw } from './queue';
import { extentOfY, makeScale, padded, type Scale } from './scale';
import type { Hit, LineInput, Plot } from './types';

const TOP = 8;
const BOTTOM = 24;
const RIGHT = 10;
const GUTTER = 46;
/** The gutter grows in steps, because each change of the plot's width asks the server anew. */
const GUTTER_STEP = 12;

const EDGE = 3;
const FAINT = 0.25;
const BAND = 0.16;
const STEPPED_BACK = 0.16;
/** How far in CSS pixels beyond its ends a curve still answers to the cursor. */
const REACH = 16;
const PLAIN_Y: [number, number] = [0, 1];

export class LineChart {
  plot: Plot = { left: GUTTER, top: TOP, width: 0, height: 0 };
  x: Scale | null = null;
  y: Scale | null = null;
  private readonly context: CanvasRenderingContext2D;
  private size = { width: 0, height: 0, ratio: 1 };
  private gutter = GUTTER;
  private readonly redraw = (): number => this.draw();

  /** `onPlot` is told whenever the plot's width in device pixels changes. */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    private input: LineInput,
    private readonly onPlot: (devicePixels: number) => void,
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
    const drawn = this.y?.toPixel(y[index]) ?? NaN;
    const at = Number.isFinite(drawn)
      ? drawn
      : y[index] === Infinity
        ? this.plot.top
        : this.plot.top + this.plot.height;
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
    const { context, canvas, size } = this;
    if (size.width === 0) return 0;
    const [w, h] = [Math.round(size.width * size.ratio), Math.round(size.height * size.ratio)];
    if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
    context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    const vertical = this.fitY();
    const frame = this.fitX(vertical.scale);
    if (!frame) return 0;
    const axes = { context, plot: this.plot, ratio: size.ratio, colours: this.input.colours };
    drawYAxis(axes, vertical.axis, frame.y);
    drawXAxis(axes, xAxis(this.input.xKind, frame.x.domain, this.plot.width, this.input.locale), frame.x);
    this.drawCurves(frame);
    return this.points();
  }

  private points(): number {
    return this.input.series.reduce((sum, { x, faint }) => sum + x.length * (faint ? 2 : 1), 0);
  }

  private fitY(): { scale: Scale; axis: Axis } {
    const { series, domain, logY } = this.input;
    const extent = domain && extentOfY(series, domain, logY);
    const span: [number, number] = extent ? padded(extent, logY) : logY ? [0.1, 10] : PLAIN_Y;
    const { top, height } = this.plot;
    const scale = makeScale(span, [top + height, top], logY);
    const axis = yAxis(span, height, logY);
    const room = labelWidth(this.context, axis.labels) + 12;
    const gutter = GUTTER + Math.max(0, Math.ceil((room - GUTTER) / GUTTER_STEP)) * GUTTER_STEP;
    if (gutter !== this.gutter) {
      this.gutter = gutter;
      this.layout();
    }
    return { scale, axis };
  }

  private fitX(y: Scale): Frame | null {
    const { domain } = this.input;
    const { left, width } = this.plot;
    if (!domain || width <= 0) {
      this.x = this.y = null;
      return null;
    }
    this.x = makeScale(domain, [left, left + width]);
    this.y = y;
    const dense = this.points() > DENSE_POINTS;
    const { abandoned } = this.input.colours;
    return { context: this.context, plot: this.plot, x: this.x, y, ratio: this.size.ratio, dense, abandoned };
  }

  private drawCurves(frame: Frame): void {
    const { context, plot } = frame;
    const { series } = this.input;
    // A run that is not in this chart has nothing to be brought forward.
    const emphasis = series.some(({ name }) => name === this.input.emphasis) ? this.input.emphasis : null;
    const opacity = (name: string): number => (emphasis === null || emphasis === name ? 1 : STEPPED_BACK);
    const ordered =
      emphasis === null ? series : [...series].sort((a, b) => opacity(a.name) - opacity(b.name));
    context.save();
    context.beginPath();
    // A little wider than the plot, so that dots at its edges stay whole.
    context.rect(plot.left - EDGE, 0, plot.width + 2 * EDGE, plot.top + plot.height + EDGE);
    context.clip();
    for (const [first, second] of this.input.bands ?? []) {
      if (series[first] && series[second])
        drawBand(frame, series[first], series[second], BAND * opacity(series[first].name));
    }
    for (const one of ordered) {
      if (one.faint) drawLine(frame, one, one.faint, FAINT * opacity(one.name));
    }
    for (const one of ordered) drawLine(frame, one, one.y, opacity(one.name));
    for (const one of ordered) drawMarkers(frame, one, opacity(one.name));
    context.restore();
  }
}
