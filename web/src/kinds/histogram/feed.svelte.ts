// The slices of a card, asked for while it is on the screen, and the rows that were read.
import type { Ask, OnChange } from '../../api/ask';
import { CardFeed } from '../../ui/cardFeed.svelte';
import { RowCache } from '../../ui/rowFeed.svelte';
import { acceptSlices, decodeRow, holding, type Series } from './data';

export interface Wish {
  tag: string;
  runs: readonly string[];
  x: 'step' | 'wall';
  /** Slices that the chart has room for; 0 while none are shown. */
  most: number;
  ask: Ask;
  onChange: OnChange;
}

type Question = Pick<Wish, 'tag' | 'runs' | 'x' | 'most'>;

export class SliceFeed extends CardFeed {
  series = $state.raw<readonly Series[]>([]);

  /** Call it while a component is made; it follows what `wish` reads. */
  constructor(wish: () => Wish) {
    super();
    const { ask, onChange } = wish();
    this.follow<Question>({
      asked() {
        const { tag, runs, x, most } = wish();
        return most > 0 && runs.length > 0 ? JSON.stringify({ tag, runs, x, most }) : '';
      },
      runsOf: ({ runs }) => runs,
      onChange,
      load: (question, signal) => this.load(question, ask, signal),
    });
  }

  private async load(question: Question, ask: Ask, signal: AbortSignal): Promise<void> {
    const part = await ask('slices', { ...question, have: holding(this.series, question.runs) }, signal);
    if (!signal.aborted) this.series = acceptSlices(this.series, part);
  }
}

export const rowCache = new RowCache(decodeRow);
