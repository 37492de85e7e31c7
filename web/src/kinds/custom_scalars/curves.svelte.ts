// The curves of several tags in one chart: asked for while it is on the screen, and kept up to date.
import type { Ask, OnChange } from '../../api/ask';
import { isAbort } from '../../api/client';
import type { XKind } from '../../charts/types';
import { Feed } from '../../ui/curveFeed';
import type { Held } from '../../ui/curves';

export interface Wish {
  /** Each tag with the runs that have it. */
  tags: readonly { tag: string; runs: readonly string[] }[];
  x: XKind;
  range: [number, number] | null;
  /** Pixel columns of the plot; nothing is asked for while it is 0. */
  width: number;
  smoothing: number;
  ask: Ask;
  onChange: OnChange;
}

export class CurvesFeed {
  /** Per tag the curves of its runs. */
  held = $state.raw<ReadonlyMap<string, Held>>(new Map());
  phase = $state<'loading' | 'ready' | 'failed'>('loading');
  problem = $state('');
  private attempt = $state(0);
  private readonly feeds = new Map<string, Feed>();

  /** Call it while a component is made; it follows what `wish` reads. */
  constructor(wish: () => Wish) {
    const { ask, onChange } = wish();
    // Lists are rebuilt often with the same names; only another question is a reason to ask.
    const asked = $derived.by(() => {
      const { tags, x, range, width, smoothing } = wish();
      return width > 0 && tags.length > 0 ? JSON.stringify({ tags, x, range, width, smoothing }) : '';
    });
    $effect(() => {
      void this.attempt;
      if (asked === '') return;
      const question = JSON.parse(asked) as Wish;
      const runs = new Set(question.tags.flatMap((tag) => tag.runs));
      const controller = new AbortController();
      let [busy, stale] = [false, false];
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
        if (changed === 'all' || [...changed].some((run) => runs.has(run))) void load();
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

  private async load({ tags, ...rest }: Wish, ask: Ask, signal: AbortSignal): Promise<void> {
    try {
      const held = await Promise.all(
        tags.map(async ({ tag, runs }) => {
          const feed = this.feeds.get(tag) ?? new Feed();
          this.feeds.set(tag, feed);
          const wish = { ...rest, tag, runs };
          let complete = false;
          // A tail that does not fit makes the feed ask for everything, once.
          for (let i = 0; i < 2 && !complete; i++) {
            const question = feed.question(wish);
            complete = feed.accept(question, await ask('data', question, signal));
          }
          return [tag, feed.shown(rest.range)] as const;
        }),
      );
      this.held = new Map(held);
      this.phase = 'ready';
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      this.problem = error instanceof Error ? error.message : String(error);
      this.phase = 'failed';
    }
  }
}
