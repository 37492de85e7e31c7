// A card's curves: asks for them while the card is on the screen, and follows live changes.
import { isAbort } from '../../api/client';
import type { Ask, OnChange } from '../../api/ask';
import type { ChartHeader, Held } from '../../ui/curves';
import { feedOf, type Wish } from '../../ui/curveFeed';

/** One tag or formula of a card, and where what it got is kept. */
export interface Source {
  key: string;
  wish: Wish;
}

export class Curves {
  /** Of each source, in their order. */
  held = $state.raw<readonly Held[]>([]);
  phase = $state<'loading' | 'ready' | 'failed'>('loading');
  problem = $state('');
  /** What the server says is wrong with a formula. */
  complaint = $state('');
  private attempt = $state(0);
  private asking: AbortController | null = null;

  /** Made while a component is; `sources` is read again whenever what it depends on changes. */
  constructor(
    sources: () => readonly Source[],
    private readonly ask: Ask,
    onChange: OnChange,
  ) {
    this.show(sources());
    if (this.held.some((held) => held.size > 0)) this.phase = 'ready';
    // Lists are rebuilt often with the same names; only another question is a reason to ask.
    const asked = $derived(JSON.stringify(sources()));
    $effect(() => {
      void this.attempt;
      const wanted = JSON.parse(asked) as readonly Source[];
      for (const { key, wish } of wanted) if (!wish.range) feedOf(key).leaveZoom();
      if (wanted.every(({ wish }) => wish.width === 0 || wish.runs.length === 0)) return;
      // What is held already is drawn at once; the finer answer follows.
      this.show(wanted);
      const runs = new Set(wanted.flatMap(({ wish }) => wish.runs));
      const controller = new AbortController();
      void this.load(wanted, controller.signal);
      const stop = onChange((changed) => {
        const concerned = changed === 'all' || [...changed].some((run) => runs.has(run));
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

  private show(wanted: readonly Source[]): void {
    this.held = wanted.map(({ key, wish }) => feedOf(key).shown(wish.range));
  }

  private async load(wanted: readonly Source[], signal: AbortSignal): Promise<void> {
    // A newer question for the same card makes the older one's answer stale.
    this.asking?.abort();
    const mine = (this.asking = new AbortController());
    const either = AbortSignal.any([signal, mine.signal]);
    try {
      const complaints = await Promise.all(wanted.map((source) => this.loadOne(source, either)));
      if (either.aborted) return;
      this.complaint = complaints.find((text) => text) ?? '';
      this.show(wanted);
      this.phase = 'ready';
    } catch (error) {
      if (isAbort(error) || either.aborted) return;
      this.problem = error instanceof Error ? error.message : String(error);
      this.phase = 'failed';
    }
  }

  /** Answers with what is wrong with the source itself, if anything. */
  private async loadOne({ key, wish }: Source, signal: AbortSignal, again = true): Promise<string> {
    if (wish.runs.length === 0) return '';
    const feed = feedOf(key);
    const question = feed.question(wish);
    const part = await this.ask('data', question, signal);
    if (signal.aborted) return '';
    // A tail that does not fit makes the feed ask for everything, once.
    if (!feed.accept(question, part) && again) return this.loadOne({ key, wish }, signal, false);
    return (part.chart as ChartHeader).problem ?? '';
  }
}
