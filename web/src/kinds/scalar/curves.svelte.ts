// A card's curves: asks for them while the card is on the screen, and follows live changes.
import type { Ask, OnChange } from '../../api/ask';
import type { ChartHeader, Held } from '../../ui/curves';
import { CardFeed } from '../../ui/cardFeed.svelte';
import { feedOf, type Wish } from '../../ui/curveFeed';

/** One tag or formula of a card, and where what it got is kept. */
export interface Source {
  key: string;
  wish: Wish;
}

export class Curves extends CardFeed {
  /** Of each source, in their order. */
  held = $state.raw<readonly Held[]>([]);
  /** What the server says is wrong with a formula. */
  complaint = $state('');

  /** Made while a component is; `sources` is read again whenever what it depends on changes. */
  constructor(
    sources: () => readonly Source[],
    private readonly ask: Ask,
    onChange: OnChange,
  ) {
    super();
    this.show(sources());
    if (this.held.some((held) => held.size > 0)) this.phase = 'ready';
    this.follow<readonly Source[]>({
      asked() {
        const wanted = sources();
        const nothing = wanted.every(({ wish }) => wish.width === 0 || wish.runs.length === 0);
        return nothing ? '' : JSON.stringify(wanted);
      },
      runsOf: (wanted) => wanted.flatMap(({ wish }) => wish.runs),
      onChange,
      // What is held already is drawn at once; the finer answer follows.
      foresee: (wanted) => {
        for (const { key, wish } of wanted) if (!wish.range) feedOf(key).leaveZoom();
        this.show(wanted);
      },
      load: (wanted, signal) => this.load(wanted, signal),
    });
  }

  private show(wanted: readonly Source[]): void {
    this.held = wanted.map(({ key, wish }) => feedOf(key).shown(wish.range));
  }

  private async load(wanted: readonly Source[], signal: AbortSignal): Promise<void> {
    const complaints = await Promise.all(wanted.map((source) => this.loadOne(source, signal)));
    if (signal.aborted) return;
    this.complaint = complaints.find((text) => text) ?? '';
    this.show(wanted);
  }

  /** Answers with what is wrong with the source itself, if anything. */
  private async loadOne({ key, wish }: Source, signal: AbortSignal): Promise<string> {
    if (wish.runs.length === 0) return '';
    const part = await feedOf(key).load(wish, this.ask, signal);
    return (part?.chart as ChartHeader | undefined)?.problem ?? '';
  }
}
