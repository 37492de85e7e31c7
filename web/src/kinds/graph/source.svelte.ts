// Which graphs and profiles there are, and the one that is looked at: asked for, or uploaded.
import type { Ask, Part } from '../../api/ask';
import { isAbort, reasonOf } from '../../api/client';
import { decodeGraph, type Graph } from './data';

/** One graph or profile in a log, as the list names it. */
export interface Entry {
  run: string;
  tag: string;
  /** Which of the tag's rows, and what tells its bytes from others. */
  row: number;
  key: number;
  name: string;
  holds: readonly ('graph' | 'keras' | 'functions' | 'profile')[];
  step: number;
  wall_time: number | null;
  bytes: number;
}

/** What says all there is of one node. */
export interface NodeFacts {
  name: string;
  op: string;
  device: string;
  inputs: string[];
  outputs: [string, number[] | null][];
  /** Name, text, bytes, and whether the text is all of it. */
  attributes: [string, string, number, boolean][];
}

/** Where a graph comes from, and what can be asked of it. */
export interface Source {
  key: string;
  title: string;
  entry: Entry | null;
  load: (signal: AbortSignal) => Promise<Graph>;
  node: (number: number, signal: AbortSignal) => Promise<NodeFacts>;
}

/** The checksum tells the bytes of a run from each other, and a link to them from one to what is there now. */
export function keyOf({ run, key }: Entry): string {
  return `${(key >>> 0).toString(36)},${run}`;
}

/** The run of such a key; '' for a file of the user's. */
export function runOf(key: string): string {
  return key.slice(key.indexOf(',') + 1 || key.length);
}

/** The entry as questions name it. */
function placeOf({ run, tag, row, key }: Entry): object {
  return { run, tag, row, key };
}

export async function listEntries(ask: Ask, runs: readonly string[], signal: AbortSignal): Promise<Entry[]> {
  const { chart } = await ask('list', { runs }, signal);
  return (chart as { entries: Entry[] }).entries;
}

export function isGraph(entry: Entry): boolean {
  return entry.holds.some((what) => what !== 'profile');
}

export function sourceOf(entry: Entry, title: string, ask: Ask): Source {
  const place = placeOf(entry);
  return {
    key: keyOf(entry),
    title,
    entry,
    load: async (signal) => decodeGraph(await ask('graph', place, signal)),
    node: async (node, signal) => (await ask('node', { ...place, node }, signal)).chart as NodeFacts,
  };
}

export function askProfile(ask: Ask, graph: Entry, profile: Entry, signal: AbortSignal): Promise<Part> {
  return ask('profile', { ...placeOf(graph), profile: placeOf(profile) }, signal);
}

/** The reason in words; '' when it was only given up. */
export function troubleOf(error: unknown, signal: AbortSignal): string {
  if (isAbort(error) || signal.aborted) return '';
  return reasonOf(error);
}
