// What is asked of the server about one embedding (docs/kinds/embedding.md).
import { apiUrl, postColumns, postJson } from '../../api/client';
import type { Column } from '../../api/payload';

/** Which embedding: a run and the tag with its step. */
export interface Which {
  run: string;
  tag: string;
  /** The key of an upload, which then is meant. */
  upload?: string;
}

export interface LabelColumn {
  name: string;
  is_number: boolean;
  distinct: number;
}

/** Size in pixels of one point's image, and how many stand across and down. */
export interface Sprite {
  width: number;
  height: number;
  across: number;
  down: number;
}

export interface Info {
  key: number;
  shape: [number, number];
  columns: LabelColumn[];
  sprite: Sprite | null;
  problems: string[];
}

/** An axis that leads from the points whose label matches one text to those that match another. */
export interface Axis {
  column: number;
  from: string;
  to: string;
  is_regex: boolean;
}

export type Method =
  { method: 'pca'; components: readonly number[] } | { method: 'custom'; axes: readonly Axis[] };

export interface Places {
  /** A column of coordinates per axis; NaN for points without a place. */
  axes: Column[];
  /** Parts of the whole variance, one per known component. */
  variance: number[];
  /** Per custom axis, how many points matched its two texts. */
  matches: [number, number][];
}

export type Metric = 'cosine' | 'euclidean';

export interface Near {
  rows: Column;
  distances: Column;
}

export interface Values {
  /** Of categories, the names that the codes in `values` stand for; -1 is any other. Null for numbers. */
  names: string[] | null;
  values: Column;
}

export function askInfo(which: Which, signal: AbortSignal): Promise<Info> {
  return postJson('embedding/info', which, signal);
}

export async function askPlaces(
  which: Which,
  method: Method,
  spherise: boolean,
  signal: AbortSignal,
): Promise<Places> {
  const question = { ...which, ...method, spherise };
  const { header, columns } = await postColumns<{
    places: number[];
    variance?: number[];
    matches?: [number, number][];
  }>('embedding/places', question, signal);
  return {
    axes: header.places.map((at) => columns[at]),
    variance: header.variance ?? [],
    matches: header.matches ?? [],
  };
}

export async function askValues(
  which: Which,
  column: number,
  categories: boolean,
  signal: AbortSignal,
): Promise<Values> {
  const { header, columns } = await postColumns<{ names: string[] | null; values: number }>(
    'embedding/column',
    { ...which, column, categories },
    signal,
  );
  return { names: header.names, values: columns[header.values] };
}

export async function askLabels(
  which: Which,
  rows: readonly number[],
  signal: AbortSignal,
): Promise<string[][]> {
  return (await postJson<{ rows: string[][] }>('embedding/rows', { ...which, rows }, signal)).rows;
}

export async function askSearch(
  which: Which,
  wanted: { column: number; text: string; is_regex: boolean },
  signal: AbortSignal,
): Promise<Column> {
  const { header, columns } = await postColumns<{ rows: number }>(
    'embedding/search',
    { ...which, ...wanted },
    signal,
  );
  return columns[header.rows];
}

export async function askNear(
  which: Which,
  wanted: { row: number; count: number; metric: Metric; spherise: boolean },
  signal: AbortSignal,
): Promise<Near> {
  const { header, columns } = await postColumns<{ rows: number; distances: number }>(
    'embedding/near',
    { ...which, ...wanted },
    signal,
  );
  return { rows: columns[header.rows], distances: columns[header.distances] };
}

/** Where a file of the embedding can be fetched. */
export function fileUrl(name: 'tensor' | 'metadata' | 'sprite', which: Which, key: number): string {
  return `${apiUrl(`embedding/${name}`).href}?${new URLSearchParams({ ...which, key: String(key) }).toString()}`;
}
