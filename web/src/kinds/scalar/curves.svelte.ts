// A card's curves: asks for them while the card is on the screen, and follows live changes.
import { isAbort } from '../../api/client';
import type { Ask, OnChange } from '../../api/ask';
import type { Held } from '../../ui/curves';
import { feedOf, type Wish } from '../../ui/curveFeed';

export class Curves {
  held = $state.raw<Held>(new Map());
  phase = $state<'loading' | 'ready' | 'failed'>('loading');
  problem = $state('');
  private attempt = $state(0);
  private asking: AbortController | null = null;
  private readonly feed;

  /** Made while a component is; `wish` is read again whenever what it depends on changes. */
  constructor(
    tag: string,
    wish: () => Wish,
    private readonly ask: Ask,
    onChange: OnChange,
  ) {
    this.feed = feedOf(tag);
    this.held = this.feed.shown(wish().range);
    if (this.held.size > 0) this.phase = 'ready';
    $effect(() => {
      void this.attempt;
      const wanted = wish();
      if (!wanted.range) this.feed.leaveZoom();
      if (wanted.width === 0 || wanted.runs.length === 0) return;
      // What is held already is drawn at once; the finer answer follows.
      this.held = this.feed.shown(wanted.range);
      const controller = new AbortController();
      void this.load(wanted, controller.signal);
      const stop = onChange((changed) => {
        const concerned = changed === 'all' || wanted.runs.some((run) => changed.has(run));
        if (concerned) void this.load(wanted, controller.signal);
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

  private async load(wanted: Wish, signal: AbortSignal, again = true): Promise<void> {
    // A newer question for the same card makes the older one's answer stale.
    this.asking?.abort();
    const mine = (this.asking = new AbortController());
    const either = AbortSignal.any([signal, mine.signal]);
    try {
      const question = this.feed.question(wanted);
      const part = await this.ask('data', question, either);
      if (either.aborted) return;
      const complete = this.feed.accept(question, part);
      this.held = this.feed.shown(wanted.range);
      this.phase = 'ready';
      if (!complete && again) await this.load(wanted, signal, false);
    } catch (error) {
      if (isAbort(error) || either.aborted) return;
      this.problem = error instanceof Error ? error.message : String(error);
      this.phase = 'failed';
    }
  }
}
