// The slices of a card, asked for while it is on the screen, and the rows that were read.
import { untrack } from 'svelte';
import type { Ask, OnChange } from '../../api/ask';
import { isAbort } from '../../api/client';
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
      const question = JSON.parse(asked) as Question;
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

  private async load(question: Question, ask: Ask, signal: AbortSignal): Promise<void> {
    try {
      const held = untrack(() => this.series);
      const part = await ask('slices', { ...question, have: holding(held, question.runs) }, signal);
      if (signal.aborted) return;
      this.series = acceptSlices(held, part);
      this.phase = 'ready';
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      this.problem = error instanceof Error ? error.message : String(error);
      this.phase = 'failed';
    }
  }
}

export const rowCache = new RowCache(decodeRow);
