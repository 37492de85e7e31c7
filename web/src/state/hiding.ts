// Ticking a run that is hidden shows it again: a tick box never lies.
import { notes } from './notes.svelte';
import { selection } from './selection.svelte';

/** `said` tells what was done to those that were hidden. */
export function tickRuns(names: readonly string[], on: boolean, said: string): void {
  if (on) showAgain(names, said);
  selection.tick(names, on);
}

export function tickOnlyRuns(names: readonly string[], said: string): void {
  showAgain(names, said);
  selection.tickOnly(names);
}

function showAgain(names: readonly string[], said: string): void {
  const hidden = names.filter((name) => notes.of(name).hidden);
  notes.change(hidden, { hidden: null }, said, true);
}
