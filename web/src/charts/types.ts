// The words of the charts: what a line is made of and how it is to be drawn.
import type { Flag } from './flags';

export type Column = Float64Array | Float32Array | Int32Array | Uint8Array;

/** What x is: `tag` is the value of another tag. */
export type XKind = 'step' | 'relative' | 'wall' | 'tag';

export type ScaleKind = 'linear' | 'log' | 'symlog';

/** Ends that somebody typed; null for those that follow the curves. */
export type Limits = readonly [number | null, number | null];

/** What a chart draws with: a canvas's context, or what records an SVG file. */
export interface Surface {
  fillStyle: string | CanvasGradient | CanvasPattern;
  strokeStyle: string | CanvasGradient | CanvasPattern;
  globalAlpha: number;
  lineWidth: number;
  lineJoin: CanvasLineJoin;
  font: string;
  textAlign: CanvasTextAlign;
  textBaseline: CanvasTextBaseline;
  beginPath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  arc(x: number, y: number, radius: number, start: number, end: number): void;
  rect(x: number, y: number, width: number, height: number): void;
  closePath(): void;
  fill(): void;
  stroke(path?: LinePath): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number): void;
  measureText(text: string): { width: number };
  setLineDash(segments: number[]): void;
  translate(x: number, y: number): void;
  save(): void;
  restore(): void;
  clip(): void;
}

export interface LinePath {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
}

/** One run's curve. `faint` is drawn behind `y` (the raw values when `y` is smoothed). */
export interface LineSeries {
  name: string;
  colour: string;
  x: Column;
  y: Column;
  faint: Column | null;
  /** Pairs [from, to): stretches in which x does not go back; see segments.ts. */
  segments: Int32Array;
  /** Per pair the first of its points that a restart gave up; they are drawn faded. `to` where none was. */
  abandonedFrom: Int32Array;
  /** Lengths of dashes and gaps in CSS pixels; none for a solid line. */
  dash: readonly number[];
  /** Lower and upper edge of a surface around the line, at the same x. */
  band?: readonly [Column, Column];
}

/** A horizontal line at a value that somebody typed. */
export interface Reference {
  value: number;
  /** What it is called; empty for its value alone. */
  name: string;
}

export interface ChartColours {
  ink: string;
  text: string;
  grid: string;
  axis: string;
  accent: string;
  surface: string;
  /** Opacity of what a restart gave up. */
  abandoned: number;
  /** Of what stands out, as text does. */
  strong: string;
}

export interface LineInput {
  series: LineSeries[];
  /** The x interval that the plot spans from edge to edge; null when there is nothing to draw. */
  domain: [number, number] | null;
  xKind: XKind;
  xScale: ScaleKind;
  yScale: ScaleKind;
  /** Whether the y axis leaves out the highest and lowest twentieth of each curve. */
  ignoreOutliers: boolean;
  yLimits: Limits;
  reference?: Reference | null;
  /** The step or steps that all cards look at, as x; equal ends for one. */
  marked: readonly [number, number] | null;
  colours: ChartColours;
  locale: string;
  /** The run to bring forward; the others step back. */
  emphasis: string | null;
  /** Pairs of series, by their index, between which the surface is tinted. */
  bands?: readonly (readonly [number, number])[];
  /** Named moments along the x axis. */
  flags?: readonly Flag[];
}

/** The plot inside the axes, in CSS pixels. */
export interface Plot {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A point under the cursor, in CSS pixels, with where it stands in its series. */
export interface Hit {
  series: number;
  index: number;
  px: number;
  py: number;
  /** How far the drawn value is from the cursor, vertically, in CSS pixels. */
  distance: number;
}
