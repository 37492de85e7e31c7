// The answer of `api/scalar/summary`: what each run's points come to between two steps. docs/kinds/scalar.md.
import type { Part } from '../../api/ask';
import type { Column } from '../../api/payload';

const COLUMNS = [
  'count',
  'first_step',
  'last_step',
  'first',
  'last',
  'min',
  'max',
  'min_step',
  'max_step',
  'mean',
] as const;

export interface RunSummary extends Record<(typeof COLUMNS)[number], number> {
  run: string;
}

/** One a run that has a point there. */
export function decodeSummary({ chart, columns }: Part): RunSummary[] {
  const header = chart as { runs: string[] } & Record<(typeof COLUMNS)[number], number>;
  const column = (name: (typeof COLUMNS)[number]): Column => columns[header[name]];
  return header.runs.map((run, i) => {
    const numbers = Object.fromEntries(COLUMNS.map((name) => [name, column(name)[i]]));
    return { run, ...numbers } as RunSummary;
  });
}
