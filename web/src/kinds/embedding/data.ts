// Names and steps, places in the picture's space, colours of points. Pure.
import type { Column } from '../../api/payload';
import { PALETTE, type Theme } from '../../state/colours';
import type { Values, Which } from './questions';

/** A tag such as `default:00010` is the embedding `default` at step 10; any other has no step. */
export function nameAndStep(tag: string): { name: string; step: number } {
  const found = /^(.*):(\d{5,15})$/s.exec(tag);
  return found ? { name: found[1], step: Number(found[2]) } : { name: tag, step: 0 };
}

/** Whether both are of one run and name, at whatever steps. */
export function isSameName(one: Which, other: Which): boolean {
  return one.run === other.run && nameAndStep(one.tag).name === nameAndStep(other.tag).name;
}

export interface Choice {
  names: string[];
  name: string;
  runs: string[];
  run: string;
  /** The name's tags in the run, and their steps, ascending. */
  tags: string[];
  steps: Float64Array;
}

/** What there is to choose from, and what is chosen; a wish that cannot be had falls back to the first. */
export function chosen(
  wish: { run: string | null; name: string | null },
  tags: readonly string[],
  runsOf: (tag: string) => readonly string[],
): Choice {
  const all = byName(tags);
  const names = [...all.keys()];
  const name = wish.name !== null && all.has(wish.name) ? wish.name : (names[0] ?? '');
  const ofName = all.get(name) ?? [];
  const runs = [...new Set(ofName.flatMap((tag) => [...runsOf(tag)]))];
  const run = wish.run !== null && runs.includes(wish.run) ? wish.run : (runs[0] ?? '');
  const inRun = ofName.filter((tag) => runsOf(tag).includes(run));
  return {
    names,
    name,
    runs,
    run,
    tags: inRun,
    steps: Float64Array.from(inRun, (tag) => nameAndStep(tag).step),
  };
}

/** Per name, its tags in the order of steps. */
export function byName(tags: readonly string[]): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const tag of tags) {
    const { name } = nameAndStep(tag);
    names.set(name, [...(names.get(name) ?? []), tag]);
  }
  for (const found of names.values()) found.sort((a, b) => nameAndStep(a).step - nameAndStep(b).step);
  return names;
}

/**
 * x, y, z of each point, one after the other, moved and scaled (all axes alike) so that most points lie within one of
 * the origin: three standard deviations, or the farthest point where that is nearer. Missing axes are 0.
 */
export function placed(axes: readonly Column[]): Float32Array {
  const count = axes[0].length;
  const places = new Float32Array(3 * count);
  const means = axes.map(meanOf);
  let squares = 0;
  let known = 0;
  let farthest = 0;
  for (let i = 0; i < count; i++) {
    let square = 0;
    for (let k = 0; k < axes.length; k++) square += (axes[k][i] - means[k]) ** 2;
    if (!Number.isFinite(square)) continue;
    squares += square;
    known++;
    farthest = Math.max(farthest, square);
  }
  const reach = Math.min(Math.sqrt(farthest), 3 * Math.sqrt(squares / Math.max(1, known))) || 1;
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < axes.length; k++) places[3 * i + k] = (axes[k][i] - means[k]) / reach;
  }
  return places;
}

function meanOf(column: Column): number {
  let sum = 0;
  let known = 0;
  for (const value of column) {
    if (!Number.isFinite(value)) continue;
    sum += value;
    known++;
  }
  return sum / Math.max(1, known);
}

/** All rows in an order in which any beginning is an even sample; the same for the same count. */
export function shuffledRows(count: number): Uint32Array {
  const rows = Uint32Array.from({ length: count }, (_, i) => i);
  let state = 1;
  for (let i = count - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes' generator
    const other = Math.floor((state / 2 ** 32) * (i + 1));
    [rows[i], rows[other]] = [rows[other], rows[i]];
  }
  return rows;
}

export interface LegendEntry {
  label: string;
  colour: string;
}

export interface Colouring {
  /** Red, green, blue of each point. */
  colours: Uint8Array;
  /** Of categories, each with its colour; empty for numbers. */
  legend: LegendEntry[];
  /** Of numbers, the least and the greatest; null for categories. */
  range: [number, number] | null;
}

/** Stops of viridis (Smith and van der Walt, 2015), at equal distances. */
const VIRIDIS = ['#440154', '#414487', '#2a788e', '#22a884', '#7ad151', '#fde725'];
export const GRADIENT = `linear-gradient(90deg, ${VIRIDIS.join(', ')})`;
const GRAY: Record<Theme, string> = { light: '#a3acb8', dark: '#5d6878' };

/** One colour for all points. */
export function plain(count: number, theme: Theme): Colouring {
  return { colours: painted(count, () => bytesOf(PALETTE[theme][0])), legend: [], range: null };
}

export function coloured({ names, values }: Values, theme: Theme): Colouring {
  const gray = bytesOf(GRAY[theme]);
  if (names) {
    const legend = names.map((label, i) => ({ label, colour: categoryColour(i, theme) }));
    const paints = legend.map(({ colour }) => bytesOf(colour));
    return { colours: painted(values.length, (i) => paints[values[i]] ?? gray), legend, range: null };
  }
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const stops = VIRIDIS.map(bytesOf);
  const colourOf = (i: number): readonly number[] =>
    Number.isFinite(values[i]) ? between(stops, high > low ? (values[i] - low) / (high - low) : 0.5) : gray;
  return { colours: painted(values.length, colourOf), legend: [], range: [low, high] };
}

function categoryColour(number: number, theme: Theme): string {
  const palette = PALETTE[theme];
  if (number < palette.length) return palette[number];
  // Beyond the palette, hues a golden angle apart.
  return hslHex((number * 137.508) % 360, 0.5, theme === 'dark' ? 0.66 : 0.44);
}

function hslHex(hue: number, saturation: number, lightness: number): string {
  const part = (n: number): string => {
    const k = (n + hue / 30) % 12;
    const value =
      lightness - saturation * Math.min(lightness, 1 - lightness) * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(255 * value)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${part(0)}${part(8)}${part(4)}`;
}

function between(stops: readonly (readonly number[])[], part: number): readonly number[] {
  const at = part * (stops.length - 1);
  const low = Math.min(Math.floor(at), stops.length - 2);
  return stops[low].map((value, k) => value + (stops[low + 1][k] - value) * (at - low));
}

function bytesOf(hex: string): readonly number[] {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

function painted(count: number, colourOf: (i: number) => readonly number[]): Uint8Array {
  const colours = new Uint8Array(3 * count);
  for (let i = 0; i < count; i++) colours.set(colourOf(i), 3 * i);
  return colours;
}
