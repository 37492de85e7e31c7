// The curves of several tags in one chart: asked for while it is on the screen, and kept up to date.
import type { Ask, OnChange } from '../../api/ask';
import type { ScaleKind, XKind } from '../../charts/types';
import type { Smoother } from '../../state/url';
import { CardFeed } from '../../ui/cardFeed.svelte';
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
  smoother: Smoother;
  /** What the x axis is proportional to. */
  scale: ScaleKind;
  /** Only so many of the last steps; null for all. */
  last: number | null;
  ask: Ask;
  onChange: OnChange;
}

export class CurvesFeed extends CardFeed {
  /** Per tag the curves of its runs. */
  held = $state.raw<ReadonlyMap<string, Held>>(new Map());
  private readonly feeds = new Map<string, Feed>();

  /** Call it while a component is made; it follows what `wish` reads. */
  constructor(wish: () => Wish) {
    super();
    const { ask, onChange } = wish();
    this.follow<Wish>({
      asked() {
        const { tags, x, range, width, smoothing, smoother, scale, last } = wish();
        if (width === 0 || tags.length === 0) return '';
        return JSON.stringify({ tags, x, range, width, smoothing, smoother, scale, last });
      },
      runsOf: ({ tags }) => tags.flatMap(({ runs }) => runs),
      onChange,
      load: (question, signal) => this.load(question, ask, signal),
    });
  }

  private async load({ tags, ...rest }: Wish, ask: Ask, signal: AbortSignal): Promise<void> {
    const held = await Promise.all(
      tags.map(async ({ tag, runs }) => {
        const feed = this.feeds.get(tag) ?? new Feed();
        this.feeds.set(tag, feed);
        await feed.load({ ...rest, tag, runs }, ask, signal);
        return [tag, feed.shown(rest.range)] as const;
      }),
    );
    if (!signal.aborted) this.held = new Map(held);
  }
}
