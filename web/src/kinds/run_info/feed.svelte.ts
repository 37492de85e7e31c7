// Asks what runs say of their circumstances, and again when they say more.
import type { Ask, OnChange } from '../../api/ask';
import { isAbort } from '../../api/client';
import type { Said } from './data';

export interface Wish {
  run: string;
  /** Which beginning of the run; null for the last. */
  number: number | null;
}

export class InfoFeed {
  said = $state.raw<readonly Said[]>([]);
  failed = $state(false);

  /** Call it while a component is made; it follows what `wishes` reads. */
  constructor(wishes: () => readonly Wish[], ask: Ask, onChange: OnChange) {
    $effect(() => {
      const wanted = wishes();
      const controller = new AbortController();
      const load = (): void => void this.load(wanted, ask, controller.signal);
      load();
      const stop = onChange((changed) => {
        if (changed === 'all' || wanted.some(({ run }) => changed.has(run))) load();
      });
      return () => {
        stop();
        controller.abort();
      };
    });
  }

  private async load(wishes: readonly Wish[], ask: Ask, signal: AbortSignal): Promise<void> {
    try {
      const parts = await Promise.all(wishes.map((wish) => ask('data', wish, signal)));
      this.said = parts.map(({ chart }) => chart as Said);
      this.failed = false;
    } catch (error) {
      if (!isAbort(error)) this.failed = true;
    }
  }
}
