// All that can be chosen of one embedding's picture, as a link and a bookmark hold it. Pure.
import type { Camera } from './camera';
import type { Axis, Metric } from './questions';

export type MethodName = 'pca' | 'tsne' | 'umap' | 'custom';

/** Parameters of t-SNE and UMAP; docs/kinds/embedding.md has their bounds. */
export interface Settings {
  perplexity: number;
  iterations: number;
  neighbours: number;
  min_dist: number;
  sample: number;
}

export interface Query {
  column: number;
  text: string;
  is_regex: boolean;
}

export interface Look {
  /** Which embedding; null for the first that there is. The tag's name without its step. */
  run: string | null;
  name: string | null;
  /** Its step while steps are not linked; null for the newest. */
  step: number | null;
  method: MethodName;
  dimensions: 2 | 3;
  components: readonly number[];
  axes: readonly Axis[];
  settings: Settings;
  spherise: boolean;
  labelBy: number;
  /** Null for one colour; undefined for what suits the labels. */
  colourBy: number | null | undefined;
  categories: boolean | undefined;
  sprites: boolean;
  metric: Metric;
  neighbours: number;
  query: Query;
  /** The point that is looked at closely. */
  focus: number | null;
}

/** What a bookmark holds beside that: too long, or too quick to change, for a link. */
export interface Saved extends Look {
  camera?: Camera;
  selected?: readonly number[];
  isolated?: readonly number[];
}

const NO_AXIS: Axis = { column: 0, from: '', to: '', is_regex: false };
const NO_QUERY: Query = { column: 0, text: '', is_regex: false };

export const DEFAULT_LOOK: Look = {
  run: null,
  name: null,
  step: null,
  method: 'pca',
  dimensions: 3,
  components: [0, 1, 2],
  axes: [NO_AXIS, NO_AXIS],
  settings: { perplexity: 30, iterations: 750, neighbours: 15, min_dist: 0.1, sample: 50_000 },
  spherise: false,
  labelBy: 0,
  colourBy: undefined,
  categories: undefined,
  sprites: true,
  metric: 'cosine',
  neighbours: 100,
  query: NO_QUERY,
  focus: null,
};

const METHODS: readonly string[] = ['pca', 'tsne', 'umap', 'custom'];

/** Only what differs from the defaults. */
export function brief(look: Look): Partial<Look> {
  return Object.fromEntries(
    Object.entries(look).filter(
      ([name, value]) =>
        value !== undefined && JSON.stringify(value) !== JSON.stringify(DEFAULT_LOOK[name as keyof Look]),
    ),
  );
}

/** The looks side by side as one word of the page's address; empty when there is but one and all is at its default. */
export function written(looks: readonly Look[]): string {
  const parts = looks.map(brief);
  return parts.length === 1 && Object.keys(parts[0]).length === 0 ? '' : JSON.stringify(parts);
}

/** One or two looks; what is not understood falls back to its default. */
export function read(text: string): Saved[] {
  let parts: unknown;
  try {
    parts = JSON.parse(text || '[{}]');
  } catch {
    parts = [{}];
  }
  const looks = (Array.isArray(parts) ? parts : [parts]).slice(0, 2).map(lookOf);
  return looks.length > 0 ? looks : [DEFAULT_LOOK];
}

/** A look out of anything. */
export function lookOf(value: unknown): Saved {
  const given = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const { method, dimensions, components, axes, settings, colourBy, categories, query } = given;
  const usual = DEFAULT_LOOK;
  return {
    run: textOr(given['run'], null),
    name: textOr(given['name'], null),
    step: numberOr(given['step'], null),
    method: METHODS.includes(method as string) ? (method as MethodName) : usual.method,
    dimensions: dimensions === 2 ? 2 : 3,
    components: isRows(components) && components.length === 3 ? components : usual.components,
    axes: Array.isArray(axes) && axes.length === 2 ? axes.map(axisOf) : usual.axes,
    settings: settingsOf(settings),
    spherise: given['spherise'] === true,
    labelBy: numberOr(given['labelBy'], 0),
    colourBy: colourBy === null ? null : numberOr(colourBy, undefined),
    categories: typeof categories === 'boolean' ? categories : undefined,
    sprites: given['sprites'] !== false,
    metric: given['metric'] === 'euclidean' ? 'euclidean' : 'cosine',
    neighbours: Math.min(999, Math.max(5, numberOr(given['neighbours'], usual.neighbours))),
    query: queryOf(query),
    focus: numberOr(given['focus'], null),
    ...(isCamera(given['camera']) && { camera: given['camera'] }),
    ...(isRows(given['selected']) && { selected: given['selected'] }),
    ...(isRows(given['isolated']) && { isolated: given['isolated'] }),
  };
}

function settingsOf(value: unknown): Settings {
  const given = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const entries = Object.entries(DEFAULT_LOOK.settings) as [keyof Settings, number][];
  return Object.fromEntries(
    entries.map(([name, usual]) => [name, numberOr(given[name], usual)]),
  ) as unknown as Settings;
}

function axisOf(value: unknown): Axis {
  const axis = (value ?? {}) as Partial<Record<keyof Axis, unknown>>;
  return {
    column: numberOr(axis.column, 0),
    from: textOr(axis.from, ''),
    to: textOr(axis.to, ''),
    is_regex: axis.is_regex === true,
  };
}

function queryOf(value: unknown): Query {
  const query = (value ?? {}) as Partial<Record<keyof Query, unknown>>;
  return {
    column: numberOr(query.column, 0),
    text: textOr(query.text, ''),
    is_regex: query.is_regex === true,
  };
}

function numberOr<Other>(value: unknown, other: Other): number | Other {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : other;
}

function textOr<Other>(value: unknown, other: Other): string | Other {
  return typeof value === 'string' ? value : other;
}

function isRows(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((row) => Number.isInteger(row) && (row as number) >= 0);
}

function isCamera(value: unknown): value is Camera {
  const { yaw, pitch, zoom, pan } = (value ?? {}) as Partial<Record<keyof Camera, unknown>>;
  const numbers = [
    yaw,
    pitch,
    zoom,
    ...(Array.isArray(pan) && pan.length === 2 ? (pan as unknown[]) : [null]),
  ];
  return numbers.every((number) => typeof number === 'number' && Number.isFinite(number));
}
