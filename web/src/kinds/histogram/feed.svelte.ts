// The slices of a card, asked for while it is on the screen, and the rows of the step that it stands at.
import type { Ask, OnChange } from '../../api/ask';
import { isAbort } from '../../api/client';
import { rowAt, type Entries } from '../../api/entries';
import { decodeRow, decodeSlices, type Row, type Series } from './data';

export interface Wish {
  tag: string;
  runs: readonly string[];
  x: 'step' | 'wall';
  /** Slices that the chart has room for; 0 while none are shown. */
  most: number;
  ask: Ask;
  onChange: OnChange;
}

export class SliceFeed {
  series = $state.raw<readonly Series[]>([]);
  phase = $state<'loading' | 'ready' | 'failed'>('loading');
  problem = $state('');
  private attempt = $state(0);

  /** Call it while a component is made; it follows what `wish` reads. */
  constructor(wish: () => Wish) {
    const { ask, onChange } = wish();
    // The list of runs is rebuilt often with the same names; only another question is a reason to ask.
    const asked = $derived.by(() => {
      const { tag, runs, x, most } = wish();
      return most > 0 && runs.length > 0 ? JSON.stringify({ tag, runs, x, most }) : '';
    });
    $effect(() => {
      void this.attempt;
      if (asked === '') return;
      const question = JSON.parse(asked) as { runs: string[] };
      const controller = new AbortController();
      let [busy, stale] = [false, false];
      // What changes while an answer is on its way is asked for once, when that is there.
      const load = async (): Promise<void> => {
        stale = true;
        if (busy) return;
        busy = true;
        while (stale && !controller.signal.aborted) {
          stale = false;
          await this.load(question, ask, controller.signal);
        }
        busy = false;
      };
      void load();
      const stop = onChange((changed) => {
        if (changed === 'all' || question.runs.some((run) => changed.has(run))) void load();
      });
      return () => {
        stop();
        controller.abort();
      };
    });
  }

  retry(): void {
    this.attempt++;
  }

  private async load(question: object, ask: Ask, signal: AbortSignal): Promise<void> {
    try {
      this.series = decodeSlices(await ask('slices', question, signal));
      this.phase = 'ready';
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      this.problem = error instanceof Error ? error.message : String(error);
      this.phase = 'failed';
    }
  }
}

/** What is shown of a run at a step: the row nearest to it. */
export interface Line {
  step: number;
  row: Row;
}

/** The rows of each run at one step. */
export class RowFeed {
  lines = $state.raw<ReadonlyMap<string, Line>>(new Map());

  /** Call it while a component is made; it follows what `wish` reads. */
  constructor(wish: () => { tag: string; held: readonly Entries[]; at: number | null; ask: Ask }) {
    $effect(() => {
      const { tag, held, at, ask } = wish();
      const controller = new AbortController();
      const found = held.map(async (entries) => {
        const row = rowAt(entries.step, at);
        const line = {
          step: entries.step[row],
          row: await fetchRow(tag, entries, row, ask, controller.signal),
        };
        return [entries.run, line] as const;
      });
      void Promise.all(found).then(
        (lines) => (this.lines = new Map(lines)),
        () => undefined, // left the screen, or the server is away, which the other feeds tell
      );
      return () => controller.abort();
    });
  }
}

/** Rows that were read: the bytes that a key names never change. */
const rows = new Map<string, Row>();
const MOST_ROWS = 500;

async function fetchRow(
  tag: string,
  { run, key }: Entries,
  row: number,
  ask: Ask,
  signal: AbortSignal,
): Promise<Row> {
  const name = JSON.stringify([run, tag, row, key[row]]);
  const known = rows.get(name);
  if (known) return known;
  const found = decodeRow(await ask('rows', { run, tag, row, key: key[row] }, signal));
  if (rows.size >= MOST_ROWS) rows.clear();
  rows.set(name, found);
  return found;
}
