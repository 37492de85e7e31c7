// The rows of a readout: what each line under the cursor has to say of its nearest point. Pure.
import { formatDuration, formatSigned, formatStep, formatValue, formatWallTime } from '../../charts/format';
import type { Hit, Reference } from '../../charts/types';
import type { Drawn } from './lines';

export interface ReadoutRow {
  key: string;
  name: string;
  tag: string;
  isNearest: boolean;
  colour: string;
  smoothed: string;
  value: string;
  /** To the baseline, and to the reference line. */
  difference: string;
  toLine: string;
  /** Of a group: its band, and how many runs take part. */
  band: string;
  runs: string;
  x: string;
  step: string;
  time: string;
  relative: string;
}

export interface Context {
  baseline: string;
  reference: Reference | null;
  locale: string;
}

/** `shown` are those of `hits` that have a row, in its order; `hits` come nearest first. */
export function rowsOf(
  shown: readonly Hit[],
  hits: readonly Hit[],
  drawn: Drawn,
  { baseline, reference, locale }: Context,
): ReadoutRow[] {
  const base = baseValues(hits, drawn, baseline);
  return shown.flatMap((hit) => {
    const line = drawn.lines[hit.series];
    const one = drawn.of[hit.series];
    const { index } = hit;
    if (!line || !one || index >= one.series.step.length) return [];
    const { tag, series } = one;
    const { group, smoothed } = series;
    const wallTime = series.wallTime[index];
    const isBase = line.name === baseline;
    return [
      {
        key: `${line.name}\n${tag}`,
        name: line.name,
        tag,
        isNearest: hit === hits[0],
        colour: line.colour,
        smoothed: smoothed ? formatValue(smoothed[index]) : '',
        value: formatValue(series.value[index]),
        difference: isBase ? '' : difference(line.y[index], base.get(tag)),
        toLine: difference(line.y[index], reference?.value),
        band: group?.band ? group.band.map((edge) => formatValue(edge[index], 4)).join(' – ') : '',
        runs: group ? String(group.runs[index]) : '',
        x: series.x ? formatValue(series.x[index], 6) : '',
        step: formatStep(series.step[index], locale),
        time: group ? '' : formatWallTime(wallTime, locale),
        relative: group ? '' : formatDuration(wallTime - series.start),
      },
    ];
  });
}

/** Per tag the baseline's drawn value under the cursor. */
export function baseValues(hits: readonly Hit[], drawn: Drawn, baseline: string): Map<string, number> {
  const values = new Map<string, number>();
  for (const { series, index } of hits) {
    const line = drawn.lines[series];
    if (line?.name === baseline) values.set(drawn.of[series].tag, line.y[index]);
  }
  return values;
}

/** `+0.25 (+10%)`; empty where there is nothing to compare with. */
function difference(value: number, base: number | undefined): string {
  if (base === undefined) return '';
  const part = base === 0 ? '' : ` (${formatSigned((100 * (value - base)) / Math.abs(base), 3)}%)`;
  return formatSigned(value - base, 4) + part;
}
