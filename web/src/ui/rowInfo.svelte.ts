// What the server says of rows (the query `info` of a kind): asked once, for what a row's key names never changes.
import type { Ask } from '../api/ask';
import { rowKey, type EntryRow } from '../api/entries';

const MOST_KEPT = 5000;

export interface RowInfo<Sample> {
  /** What the row holds, one for each: several pictures or sounds of one step. */
  samples: Sample[];
  /** Why the row cannot be shown. */
  error: string | null;
}

/** The answers of one kind, for as long as the page lives. */
export class RowInfos<Sample> {
  private readonly kept = new Map<string, RowInfo<Sample>>();

  of(tag: string, row: EntryRow): RowInfo<Sample> | undefined {
    return this.kept.get(rowKey(tag, row));
  }

  async find(tag: string, place: EntryRow, ask: Ask, signal: AbortSignal): Promise<RowInfo<Sample>> {
    const known = this.of(tag, place);
    if (known) return known;
    const { entries, row } = place;
    const question = { run: entries.run, tag, row, key: entries.key[row] };
    const info = (await ask('info', question, signal)).chart as RowInfo<Sample>;
    if (this.kept.size >= MOST_KEPT) this.kept.clear();
    this.kept.set(rowKey(tag, place), info);
    return info;
  }

  /** By run, what the rows of a card hold. Call it while a component is made; it follows what `wish` reads. */
  follow(
    wish: () => { tag: string; rows: readonly EntryRow[]; ask: Ask },
  ): () => ReadonlyMap<string, RowInfo<Sample>> {
    let found = $state.raw<ReadonlyMap<string, RowInfo<Sample>>>(new Map());
    $effect(() => {
      const { tag, rows, ask } = wish();
      const controller = new AbortController();
      const finding = rows.map(
        async (row) => [row.entries.run, await this.find(tag, row, ask, controller.signal)] as const,
      );
      void Promise.all(finding).then(
        (infos) => (found = new Map(infos)),
        () => undefined, // left the screen, or the server is away: what is shown says so itself
      );
      return () => controller.abort();
    });
    return () => found;
  }
}
