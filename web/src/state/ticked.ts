// Which runs are ticked: a rule (newest, all or none) and the user's deviations from it.

export type Base = 'newest' | 'all' | 'none';

export interface Choice {
  base: Base;
  on: ReadonlySet<string>;
  off: ReadonlySet<string>;
}

export interface DatedRun {
  name: string;
  end: number | null;
}

export const NEWEST = 20;
export const DEFAULT_CHOICE: Choice = { base: 'newest', on: new Set(), off: new Set() };

/** All runs when there are few, otherwise the newest by the wall time of their last record. */
export function newestRuns(runs: readonly DatedRun[], limit = NEWEST): Set<string> {
  if (runs.length <= limit) return new Set(runs.map((run) => run.name));
  const byEnd = [...runs].sort((a, b) => (b.end ?? -Infinity) - (a.end ?? -Infinity));
  return new Set(byEnd.slice(0, limit).map((run) => run.name));
}

/**
 * The rule's choice when the list changes. What it decided stays: a run is not unticked because newer ones came. It has
 * not decided on a run before the first reading is complete (`settled`), nor before the run has its first record.
 */
export function keepNewest(
  runs: readonly DatedRun[],
  before: readonly DatedRun[],
  newest: ReadonlySet<string>,
  settled: boolean,
): Set<string> {
  const decided = new Set(settled ? before.filter(({ end }) => end !== null).map(({ name }) => name) : []);
  const fresh = newestRuns(runs);
  const kept = runs.filter(({ name }) => (decided.has(name) ? newest : fresh).has(name));
  return new Set(kept.map(({ name }) => name));
}

export function isTicked(choice: Choice, newest: ReadonlySet<string>, name: string): boolean {
  if (choice.on.has(name)) return true;
  if (choice.off.has(name)) return false;
  return choice.base === 'all' || (choice.base === 'newest' && newest.has(name));
}

/** The same ticks over `names` in the fewest deviations; deviations of unknown runs are kept for when they appear. */
export function compact(
  ticked: ReadonlySet<string>,
  newest: ReadonlySet<string>,
  names: readonly string[],
  previous: Choice,
): Choice {
  const known = new Set(names);
  const strangers = (set: ReadonlySet<string>): string[] => [...set].filter((name) => !known.has(name));
  let best: Choice | null = null;
  for (const base of ['newest', 'all', 'none'] as const) {
    const rule: Choice = { base, on: new Set(), off: new Set() };
    const on = names.filter((name) => ticked.has(name) && !isTicked(rule, newest, name));
    const off = names.filter((name) => !ticked.has(name) && isTicked(rule, newest, name));
    if (best && on.length + off.length >= best.on.size + best.off.size) continue;
    best = { base, on: new Set(on), off: new Set(off) };
  }
  const found = best ?? DEFAULT_CHOICE;
  return {
    base: found.base,
    on: new Set([...found.on, ...strangers(previous.on)]),
    off: new Set([...found.off, ...strangers(previous.off)]),
  };
}
