// The marks of runs as flags of a chart: those of several runs at one place under one name are one flag.
import type { Part } from '../api/ask';
import type { Flag } from '../charts/flags';
import type { XKind } from '../charts/types';
import type { Mark } from '../state/marks.svelte';

interface Header {
  runs: string[];
  names: string[];
  total: number;
  run: number;
  name: number;
  step: number;
  wall_time: number;
  descriptions: string[];
}

/** The marks of each run in the answer to `mark/data`, and how many there are. */
export function readMarks({ chart, columns }: Part): { byRun: Map<string, Mark[]>; total: number } {
  const header = chart as Header;
  const byRun = new Map(header.runs.map((run): [string, Mark[]] => [run, []]));
  columns[header.run].forEach((place, i) => {
    const run = header.runs[place];
    byRun.get(run)?.push({
      run,
      name: header.names[columns[header.name][i]],
      step: columns[header.step][i],
      wallTime: columns[header.wall_time][i],
      description: header.descriptions[i],
    });
  });
  return { byRun, total: header.total };
}

/** `starts` is when the curve of each run in the chart begins, in seconds since the epoch. */
export function flagsOf(
  byRun: ReadonlyMap<string, readonly Mark[]>,
  starts: ReadonlyMap<string, number>,
  along: XKind,
  colourOf: (run: string) => string,
  neutral: string,
): Flag[] {
  const found = new Map<string, Flag & { runs: Set<string> }>();
  for (const [run, start] of starts) {
    for (const mark of byRun.get(run) ?? []) {
      const x = along === 'step' ? mark.step : along === 'wall' ? mark.wallTime : mark.wallTime - start;
      const key = JSON.stringify([x, mark.name]);
      const flag = found.get(key);
      if (flag) flag.runs.add(run);
      else found.set(key, { x, label: mark.name, colour: colourOf(run), runs: new Set([run]) });
    }
  }
  return [...found.values()].map(({ x, label, colour, runs }) =>
    runs.size > 1 ? { x, label: `${label} ×${runs.size}`, colour: neutral } : { x, label, colour },
  );
}
