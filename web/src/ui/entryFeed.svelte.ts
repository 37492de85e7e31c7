// The entries of a card: asked for while it is on the screen, and kept up to date.
import type { Ask, OnChange } from '../api/ask';
import { untrack } from 'svelte';
import { isAbort } from '../api/client';
import { acceptEntries, allSteps, holding, rowAt, type EntryRow, type HeldEntries } from '../api/entries';
import { selection } from '../state/selection.svelte';

export interface EntryWish {
  tag: string;
  runs: readonly string[];
  ask: Ask;
  onChange: OnChange;
}

export class EntryFeed {
  held = $state.raw<HeldEntries>(new Map());
  phase = $state<'loading' | 'ready' | 'failed'>('loading');
  problem = $state('');
  /** The step of this card while steps are not linked; null for the newest. */
  own = $state<number | null>(null);
  readonly steps: Float64Array = $derived(allSteps(this.held));
  /** The step that is asked for; null for the newest. */
  readonly at: number | null = $derived(selection.linkSteps ? selection.at : this.own);
  /** What each run has nearest to that step, in the order of the runs. */
  readonly rows: readonly EntryRow[] = $derived.by(() => this.nearest());
  private attempt = $state(0);

  /** Call it while a component is made; it follows what `wish` reads. */
  constructor(private readonly wish: () => EntryWish) {
    // The list of runs is rebuilt often with the same names; only other names are a reason to ask.
    const names = $derived(wish().runs.join('\n'));
    const tag = $derived(wish().tag);
    $effect(() => {
      void this.attempt;
      const runs = names === '' ? [] : names.split('\n');
      const asked = tag;
      const { ask, onChange } = wish();
      const controller = new AbortController();
      const load = (): void => void this.load(asked, runs, ask, controller.signal);
      // What is held is no reason to ask: only what is wanted, and changes on the server, are.
      untrack(load);
      const stop = onChange((changed) => {
        if (changed === 'all' || runs.some((run) => changed.has(run))) load();
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

  private nearest(): EntryRow[] {
    return this.wish().runs.flatMap((run) => {
      const entries = this.held.get(run);
      return entries && entries.step.length > 0 ? [{ entries, row: rowAt(entries.step, this.at) }] : [];
    });
  }

  private async load(
    tag: string,
    runs: readonly string[],
    ask: Ask,
    signal: AbortSignal,
    again = true,
  ): Promise<void> {
    try {
      const part = await ask('entries', { tag, runs, have: holding(this.held, runs) }, signal);
      this.held = acceptEntries(this.held, part);
      this.phase = 'ready';
      const complete = (part.chart as { series: unknown[] }).series.length === this.held.size;
      if (!complete && again) await this.load(tag, runs, ask, signal, false);
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      this.problem = error instanceof Error ? error.message : String(error);
      this.phase = 'failed';
    }
  }
}
