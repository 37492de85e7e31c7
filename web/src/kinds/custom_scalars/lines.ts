// What a chart of a layout draws: for each run and tag a line, and for bands the surface between two of them. Pure.
import type { LineSeries, XKind } from '../../charts/types';
import { lineOf, type Held, type Series } from '../../ui/curves';
import type { Band } from './layout';

/** Tells the tags of one run apart, which have its colour. */
const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [9, 3, 2, 3], [12, 4]];
const THIN = [1, 3];

export interface Drawn {
  lines: LineSeries[];
  /** The tag and the points of each line. */
  of: { tag: string; series: Series }[];
  bands: [number, number][];
}

export interface Look {
  axis: XKind;
  smooth: boolean;
  colourOf: (run: string) => string;
}

export function dashOf(tags: readonly string[], tag: string): readonly number[] {
  return DASHES[Math.max(0, tags.indexOf(tag)) % DASHES.length];
}

export function multiline(tags: readonly string[], held: ReadonlyMap<string, Held>, look: Look): Drawn {
  const drawn: Drawn = { lines: [], of: [], bands: [] };
  for (const tag of tags) {
    for (const series of held.get(tag)?.values() ?? []) add(drawn, tag, series, look, dashOf(tags, tag));
  }
  return drawn;
}

/** Of each run and band the value, and the bounds where both are there. */
export function margins(bands: readonly Band[], held: ReadonlyMap<string, Held>, look: Look): Drawn {
  const drawn: Drawn = { lines: [], of: [], bands: [] };
  const raw = { ...look, smooth: false };
  const values = bands.map(({ value }) => value);
  for (const { value, lower, upper } of bands) {
    for (const [run, series] of held.get(value) ?? []) {
      add(drawn, value, series, raw, dashOf(values, value));
      const [low, high] = [held.get(lower)?.get(run), held.get(upper)?.get(run)];
      if (!low || !high) continue;
      drawn.bands.push([drawn.lines.length, drawn.lines.length + 1]);
      add(drawn, lower, low, raw, THIN);
      add(drawn, upper, high, raw, THIN);
    }
  }
  return drawn;
}

function add(drawn: Drawn, tag: string, series: Series, look: Look, dash: readonly number[]): void {
  drawn.lines.push({ ...lineOf(series, look.axis, look.colourOf(series.run), look.smooth), dash });
  drawn.of.push({ tag, series });
}
