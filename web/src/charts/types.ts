// The words of the charts: what a line is made of and how it is to be drawn.

export type Column = Float64Array | Float32Array | Int32Array | Uint8Array;

export type XKind = 'step' | 'relative' | 'wall';

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
  /** Lengths of dashes and gaps in CSS pixels, where lines of one colour are to be told apart. */
  dash?: readonly number[];
}

export interface ChartColours {
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
  logY: boolean;
  colours: ChartColours;
  locale: string;
  /** The run to bring forward; the others step back. */
  emphasis: string | null;
  /** Pairs of series, by their index, between which the surface is tinted. */
  bands?: readonly (readonly [number, number])[];
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
