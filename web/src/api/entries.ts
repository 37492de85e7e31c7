// Values that lie on disk: which there are per run, tails merged, and where each can be fetched.
import { apiUrl } from './client';
import type { Part } from './ask';
import type { Column } from './payload';

/** The values of a tag in one run, in the order of time. */
export interface Entries {
  run: string;
  generation: number;
  step: Column;
  /** Seconds since the epoch. */
  wallTime: Column;
  /** Tells a row's bytes from others: a URL that names it never changes its meaning. */
  key: Column;
}

export type HeldEntries = ReadonlyMap<string, Entries>;

/** One value of a run: a row of its entries. */
export interface EntryRow {
  entries: Entries;
  row: number;
}

interface EntriesHeader {
  run: string;
  generation: number;
  from: number;
  step: number;
  wall_time: number;
  key: number;
}

/** What is held already, as the question says it: per run its generation and number of rows. */
export function holding(held: HeldEntries, runs: readonly string[]): Record<string, [number, number]> {
  const have: Record<string, [number, number]> = {};
  for (const run of runs) {
    const entries = held.get(run);
    if (entries) have[run] = [entries.generation, entries.step.length];
  }
  return have;
}

/** Merges an answer; a tail that does not continue what is held makes its run unknown, to be asked for whole. */
export function acceptEntries(held: HeldEntries, { chart, columns }: Part): Map<string, Entries> {
  const merged = new Map<string, Entries>();
  for (const header of (chart as { series: EntriesHeader[] }).series) {
    const { run, generation, from } = header;
    const tail = {
      step: columns[header.step],
      wallTime: columns[header.wall_time],
      key: columns[header.key],
    };
    const before = held.get(run);
    if (from === 0) merged.set(run, { run, generation, ...tail });
    else if (before?.generation === generation && before.step.length === from) {
      merged.set(run, {
        ...before,
        step: joined(before.step, tail.step),
        wallTime: joined(before.wallTime, tail.wallTime),
        key: joined(before.key, tail.key),
      });
    }
  }
  return merged;
}

function joined(first: Column, second: Column): Column {
  if (second.length === 0) return first;
  const all = new Float64Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/**
 * The row whose step is nearest to `step`, the last logged of several; the newest row for null, -1 where there is
 * none.
 */
export function rowAt(steps: Column, step: number | null): number {
  let row = steps.length - 1;
  if (step === null) return row;
  for (let i = row - 1; i >= 0; i--) {
    if (Math.abs(steps[i] - step) < Math.abs(steps[row] - step)) row = i;
  }
  return row;
}

/** The steps of all runs, ascending, each once. */
export function allSteps(held: HeldEntries): Float64Array {
  const steps = new Set<number>();
  for (const { step } of held.values()) for (const one of step) steps.add(one);
  return Float64Array.from(steps).sort();
}

/** What tells a row of a tag from any other, whatever is logged later. */
export function rowKey(tag: string, { entries, row }: EntryRow): string {
  return JSON.stringify([entries.run, tag, row, entries.key[row]]);
}

/** Where the bytes of one row can be fetched; `more` are the kind's own parameters. */
export function entryUrl(
  path: string,
  tag: string,
  entries: Entries,
  row: number,
  more: Record<string, string | number> = {},
): string {
  const query = new URLSearchParams({
    run: entries.run,
    tag,
    row: String(row),
    key: String(entries.key[row]),
  });
  for (const [name, value] of Object.entries(more)) query.set(name, String(value));
  return `${apiUrl(path).href}?${query.toString()}`;
}

/** A name to save one value under; `sample` tells several of a row apart. */
export function fileNameOf(tag: string, { entries, row }: EntryRow, end: string, sample = 0): string {
  const name = `${entries.run}_${tag}_step_${entries.step[row]}${sample > 0 ? `_${sample}` : ''}`;
  return `${name.replace(/[^\p{L}\p{N}._-]+/gu, '_')}.${end}`;
}
