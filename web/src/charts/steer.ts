// What zooming, panning and marking on a line chart ask for, in values of its x axis.
import type { LineChart } from './line';
import { anchorOf } from './marked';
import type { Scale } from './scale';
import type { LineInput } from './types';

type Range = [number, number];

export interface Wishes {
  marked(): LineInput['marked'];
  onZoom(range: Range): void;
  onMark(range: Range): void;
}

export class Steering {
  /** The axis as it was when a pan took hold of it. */
  private held: Scale | null = null;
  /** The end of the marked stretch that stays while the other is moved. */
  private anchor: number | null = null;

  constructor(
    private readonly chart: LineChart,
    private readonly wishes: Wishes,
  ) {}

  zoom(from: number, to: number, x: Scale | null = this.chart.x): void {
    if (!x) return;
    const range: Range = [x.toValue(from), x.toValue(to)];
    // Two neighbouring floats are as far in as one can go.
    if (range[1] > range[0] && Number.isFinite(range[1] - range[0])) this.wishes.onZoom(range);
  }

  pan(dx: number, begins: boolean): void {
    if (begins) this.held = this.chart.x;
    const { left, width } = this.chart.plot;
    this.zoom(left - dx, left + width - dx, this.held);
  }

  mark(from: number, to: number, begins: boolean): void {
    const { x } = this.chart;
    if (!x) return;
    if (begins) this.anchor = anchorOf(this.wishes.marked(), x, from);
    const fixed = this.anchor ?? x.toValue(from);
    const at = x.toValue(to);
    this.wishes.onMark(at < fixed ? [at, fixed] : [fixed, at]);
  }
}
