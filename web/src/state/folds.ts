// Runs that are parts of another, as `add_scalars` and `add_hparams` make them, are listed under it.
import type { Fold, Run } from '../api/types';

export interface Row {
  /** What it is called: a run, or a folder that only has parts. */
  name: string;
  /** A part's name within its parent; null for what stands by itself. */
  label: string | null;
  run: Run | null;
  /** All runs that its one tick box stands for. */
  names: readonly string[];
  parts: number;
  open: boolean;
}

const plain = (run: Run): Row => ({
  name: run.name,
  label: null,
  run,
  names: [run.name],
  parts: 0,
  open: false,
});

/** One row a run, as the folder has it. */
export function rawRows(runs: readonly Run[]): Row[] {
  return runs.map(plain);
}

/** A row for each run that is no part, in the order of the list, and below it those of its parts if it is open. */
export function nest(runs: readonly Run[], open: ReadonlySet<string>): Row[] {
  const known = new Map(runs.map((run) => [run.name, run]));
  const groups = new Map<string, Run[]>();
  for (const run of runs) {
    const root = rootOf(run, known);
    const group = groups.get(root);
    if (group) group.push(run);
    else groups.set(root, [run]);
  }
  return [...groups].flatMap(([name, members]) => {
    const parts = members.filter((run) => run.name !== name);
    const isOpen = parts.length > 0 && open.has(name);
    const row: Row = {
      name,
      label: null,
      run: known.get(name) ?? null,
      names: members.map((run) => run.name),
      parts: parts.length,
      open: isOpen,
    };
    return isOpen
      ? [row, ...parts.map((run) => ({ ...plain(run), label: labelBelow(name, run, known) }))]
      : [row];
  });
}

/** The run or folder under which a run is listed; a part of a part goes to the outermost. */
function rootOf(run: Run, known: ReadonlyMap<string, Run>): string {
  // Parents have ever shorter names, so this ends.
  let root = run.name;
  for (let fold = run.fold; fold; fold = known.get(root)?.fold) root = fold.parent;
  return root;
}

function labelBelow(root: string, run: Run, known: ReadonlyMap<string, Run>): string {
  const labels: string[] = [];
  let at: Run | undefined = run;
  while (at?.fold && at.name !== root) {
    labels.unshift(at.fold.label);
    at = known.get(at.fold.parent);
  }
  return labels.join(' › ');
}

export function foldsByName(runs: readonly Run[]): ReadonlyMap<string, Fold> {
  return new Map(runs.flatMap(({ name, fold }): [string, Fold][] => (fold ? [[name, fold]] : [])));
}
