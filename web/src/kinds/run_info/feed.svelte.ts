// Asks what runs say of their circumstances, and again when they say more.
import type { Ask, OnChange } from '../../api/ask';
import { CardFeed } from '../../ui/cardFeed.svelte';
import type { Said } from './data';

export interface Wish {
  run: string;
  /** Which beginning of the run; null for the last. */
  number: number | null;
}

export class InfoFeed extends CardFeed {
  said = $state.raw<readonly Said[]>([]);

  /** Call it while a component is made; it follows what `wishes` reads. */
  constructor(wishes: () => readonly Wish[], ask: Ask, onChange: OnChange) {
    super();
    this.follow<readonly Wish[]>({
      asked: () => JSON.stringify(wishes()),
      runsOf: (question) => question.map(({ run }) => run),
      onChange,
      load: (question, signal) => this.load(question, ask, signal),
    });
  }

  private async load(wishes: readonly Wish[], ask: Ask, signal: AbortSignal): Promise<void> {
    const parts = await Promise.all(wishes.map((wish) => ask('data', wish, signal)));
    if (!signal.aborted) this.said = parts.map(({ chart }) => chart as Said);
  }
}
