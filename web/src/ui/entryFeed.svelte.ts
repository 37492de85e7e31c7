// The entries of a card: asked for while it is on the screen, and kept up to date.
import type { Ask, OnChange } from '../api/ask';
import { acceptEntries, allSteps, holding, rowAt, type EntryRow, type HeldEntries } from '../api/entries';
import { CardFeed } from './cardFeed.svelte';
import { StepCursor } from './stepCursor.svelte';

export interface EntryWish {
  tag: string;
  runs: readonly string[];
  ask: Ask;
  onChange: OnChange;
}

type Question = Pick<EntryWish, 'tag' | 'runs'>;

export class EntryFeed extends CardFeed {
  held = $state.raw<HeldEntries>(new Map());
  readonly cursor = new StepCursor();
  readonly steps: Float64Array = $derived(allSteps(this.held));
  /** What each run has nearest to that step, in the order of the runs. */
  readonly rows: readonly EntryRow[] = $derived.by(() => this.nearest());

  /** Call it while a component is made; it follows what `wish` reads. */
  constructor(private readonly wish: () => EntryWish) {
    super();
    const { ask, onChange } = wish();
    this.follow<Question>({
      asked() {
        const { tag, runs } = wish();
        return JSON.stringify({ tag, runs });
      },
      runsOf: ({ runs }) => runs,
      onChange,
      load: (question, signal) => this.load(question, ask, signal),
    });
  }

  private nearest(): EntryRow[] {
    return this.wish().runs.flatMap((run) => {
      const entries = this.held.get(run);
      return entries && entries.step.length > 0
        ? [{ entries, row: rowAt(entries.step, this.cursor.at) }]
        : [];
    });
  }

  private async load(question: Question, ask: Ask, signal: AbortSignal, again = true): Promise<void> {
    const part = await ask('entries', { ...question, have: holding(this.held, question.runs) }, signal);
    if (signal.aborted) return;
    this.held = acceptEntries(this.held, part);
    const complete = (part.chart as { series: unknown[] }).series.length === this.held.size;
    if (!complete && again) await this.load(question, ask, signal, false);
  }
}
