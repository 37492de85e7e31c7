// The rows of each run at one step: what a kind answers as `rows`, fetched for what is on the screen.
import type { Ask, Part } from '../api/ask';
import { isAbort, reasonOf } from '../api/client';
import { rowAt, type Entries } from '../api/entries';

/** What is shown of a run at a step: the row nearest to it. */
export interface Line<Row> {
  step: number;
  /** Seconds since the epoch. */
  wallTime: number;
  row: Row;
}

/** Rows that were read: the bytes that a key names never change. One for each kind. */
export class RowCache<Row> {
  private static readonly most = 500;
  private readonly rows = new Map<string, Row>();

  constructor(private readonly decode: (part: Part) => Row) {}

  async fetch(tag: string, { run, key }: Entries, row: number, ask: Ask, signal: AbortSignal): Promise<Row> {
    const question = { run, tag, row, key: key[row] };
    const name = JSON.stringify(question);
    const known = this.rows.get(name);
    if (known) return known;
    const found = this.decode(await ask('rows', question, signal));
    if (this.rows.size >= RowCache.most) this.rows.clear();
    this.rows.set(name, found);
    return found;
  }
}

export interface RowWish {
  tag: string;
  held: readonly Entries[];
  /** The step to be near to; null for the newest. */
  at: number | null;
  ask: Ask;
}

export class RowFeed<Row> {
  lines = $state.raw<ReadonlyMap<string, Line<Row>>>(new Map());
  problem = $state('');

  /** Call it while a component is made; it follows what `wish` reads. */
  constructor(cache: RowCache<Row>, wish: () => RowWish) {
    $effect(() => {
      const { tag, held, at, ask } = wish();
      const controller = new AbortController();
      const found = held.map(async (entries) => {
        const row = rowAt(entries.step, at);
        const [step, wallTime] = [entries.step[row], entries.wallTime[row]];
        return [
          entries.run,
          { step, wallTime, row: await cache.fetch(tag, entries, row, ask, controller.signal) },
        ] as const;
      });
      Promise.all(found).then(
        (lines) => {
          this.lines = new Map(lines);
          this.problem = '';
        },
        (error: unknown) => {
          if (isAbort(error) || controller.signal.aborted) return;
          this.problem = reasonOf(error);
        },
      );
      return () => controller.abort();
    });
  }
}
