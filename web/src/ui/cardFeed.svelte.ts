// What a card asks of the server: while it is on the screen, and again when runs that it is about change.
import { untrack } from 'svelte';
import type { OnChange } from '../api/ask';
import { isAbort, reasonOf } from '../api/client';
import { oneAtATime } from '../api/oneAtATime';

export interface Following<Question> {
  /** The question as JSON; '' asks nothing. Lists are rebuilt often with the same names, and the same text is no reason to ask. */
  asked: () => string;
  runsOf: (question: Question) => readonly string[];
  onChange: OnChange;
  /** What can be shown of the answer before it is there. */
  foresee?: (question: Question) => void;
  load: (question: Question, signal: AbortSignal) => Promise<void>;
}

export abstract class CardFeed {
  phase = $state<'loading' | 'ready' | 'failed'>('loading');
  problem = $state('');
  private attempt = $state(0);

  retry(): void {
    this.attempt++;
  }

  /** Call it while a component is made; it follows what `asked` reads. */
  protected follow<Question>({ asked, runsOf, onChange, foresee, load }: Following<Question>): void {
    const text = $derived(asked());
    $effect(() => {
      void this.attempt;
      if (text === '') return;
      const question = JSON.parse(text) as Question;
      const runs = new Set(runsOf(question));
      const controller = new AbortController();
      const { signal } = controller;
      const again = oneAtATime(() => this.attend(load(question, signal), signal), signal);
      // What is held is no reason to ask: only what is wanted, and changes on the server, are.
      untrack(() => (foresee?.(question), void again()));
      const stop = onChange((changed) => {
        if (changed === 'all' || [...changed].some((run) => runs.has(run))) void again();
      });
      return () => {
        stop();
        controller.abort();
      };
    });
  }

  private async attend(loaded: Promise<void>, signal: AbortSignal): Promise<void> {
    try {
      await loaded;
      if (!signal.aborted) this.phase = 'ready';
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      this.problem = reasonOf(error);
      this.phase = 'failed';
    }
  }
}
