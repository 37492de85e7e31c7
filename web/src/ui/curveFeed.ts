// What a scalar card holds and what it asks for next: everything once, then only what is new.
import { decodeChart, mergeSeries, xOf, type ChartHeader, type Held, type Series } from './curves';
import type { ScaleKind, XKind } from '../charts/types';
import type { Band, Centre } from '../state/compared';
import type { Smoother } from '../state/url';
import type { Ask, Part } from '../api/ask';

export interface Wish {
  tag: string;
  runs: readonly string[];
  x: XKind;
  range: [number, number] | null;
  /** Pixel columns of the plot, in device pixels. */
  width: number;
  smoothing: number;
  smoother: Smoother;
  /** What the x axis is proportional to: the reduction's columns are. */
  scale: ScaleKind;
  /** Only so many of the last steps; null for all. */
  last: number | null;
  /** What is drawn in place of the tag. */
  formula?: string;
  /** The tag whose values are x, on the axis `tag`. */
  along?: string;
  /** Groups of runs in place of the runs, the middle of each, and what lies around it. */
  groups?: readonly RunGroup[];
  centre?: Centre;
  band?: Band;
}

export interface RunGroup {
  name: string;
  runs: readonly string[];
}

export interface Question extends Wish {
  have?: Record<string, [number, number]>;
}

/** Points of a series held beyond this many per pixel column are reduced anew. */
const MOST_PER_COLUMN = 16;
/** Where the domain shrank below this part of the one a series was reduced for, its columns are too coarse. */
const COARSE = 0.8;

interface Hold {
  signature: string;
  series: Held;
  /** Per run, the width of the x domain that its reduction was made for. */
  spans: ReadonlyMap<string, number>;
}

const NOTHING: Hold = { signature: '', series: new Map(), spans: new Map() };

export class Feed {
  /** The whole curve and the zoomed part are held apart, so that leaving a zoom is immediate. */
  private whole: Hold = NOTHING;
  private part: Hold = NOTHING;
  private partRange: [number, number] | null = null;

  /** What can be drawn at once: the part that was asked for, or the whole until it comes. */
  shown(range: [number, number] | null): Held {
    const covers = range && this.partRange && this.partRange[0] <= range[0] && this.partRange[1] >= range[1];
    return covers ? this.part.series : this.whole.series;
  }

  question(wish: Wish): Question {
    const hold = wish.range ? this.part : this.whole;
    if (hold.signature !== signatureOf(wish)) return { ...wish };
    const have: Record<string, [number, number]> = {};
    const span = spanOf(hold, wish);
    for (const run of namesOf(wish)) {
      const series = hold.series.get(run);
      if (series && stillGood(series, wish.width, span, hold.spans.get(run) ?? 0)) {
        have[run] = [series.generation, series.count];
      }
    }
    return { ...wish, have };
  }

  /** Takes an answer; false when a tail did not fit, so that the question must be put again. */
  accept(question: Question, part: Part): boolean {
    const chart = part.chart as ChartHeader;
    const arrived = decodeChart(chart, part.columns);
    const before = question.range ? this.part : this.whole;
    const signature = signatureOf(question);
    const base: Hold = before.signature === signature ? before : NOTHING;
    const spans = new Map(base.spans);
    for (const { run, from } of arrived) {
      if (from === 0) spans.set(run, chart.domain ? chart.domain[1] - chart.domain[0] : 0);
    }
    const series = mergeSeries(base.series, arrived);
    const hold: Hold = { signature, series, spans };
    if (question.range) {
      this.part = hold;
      this.partRange = question.range;
    } else {
      this.whole = hold;
    }
    return arrived.every(({ run }) => series.has(run));
  }

  /** Asks and takes the answer; null when nobody waits for it any more. */
  async load(wish: Wish, ask: Ask, signal: AbortSignal, again = true): Promise<Part | null> {
    const question = this.question(wish);
    const part = await ask('data', question, signal);
    if (signal.aborted) return null;
    // A tail that does not fit makes the feed ask for everything, once.
    return this.accept(question, part) || !again ? part : this.load(wish, ask, signal, false);
  }

  /** Forgets the zoomed part, which is no longer looked at. */
  leaveZoom(): void {
    this.part = NOTHING;
    this.partRange = null;
  }
}

function signatureOf({ x, smoothing, smoother, range, width, scale, last, ...made }: Wish): string {
  const { formula, along, centre, band } = made;
  return JSON.stringify([x, smoothing, smoother, range, width, scale, last, formula, along, centre, band]);
}

/** What the series of an answer are called. */
function namesOf({ runs, groups }: Wish): readonly string[] {
  return groups ? groups.map(({ name }) => name) : runs;
}

// Reduced points serve as long as the columns they were chosen for are not wider than today's.
function stillGood(series: Series, width: number, span: number, reducedFor: number): boolean {
  const points = series.step.length;
  if (points > MOST_PER_COLUMN * width) return false;
  return points >= series.count || span >= reducedFor * COARSE;
}

function spanOf(hold: Hold, wish: Wish): number {
  const { range, x, last } = wish;
  if (last !== null) return last;
  if (range) return range[1] - range[0];
  let [low, high] = [Infinity, -Infinity];
  for (const run of namesOf(wish)) {
    const series = hold.series.get(run);
    if (!series || series.step.length === 0) continue;
    const isRelative = x === 'relative' && !series.x;
    const column = isRelative ? series.wallTime : xOf(series, x);
    const shift = isRelative ? series.start : 0;
    let first = 0;
    for (const { points } of series.segments) {
      if (points === 0) continue;
      low = Math.min(low, column[first] - shift);
      first += points;
      high = Math.max(high, column[first - 1] - shift);
    }
  }
  return Math.max(0, high - low);
}

/** Feeds of cards that scrolled away, so that scrolling back shows them at once. */
const MOST_FEEDS = 80;
const feeds = new Map<string, Feed>();

export function feedOf(key: string): Feed {
  const feed = feeds.get(key) ?? new Feed();
  // Putting it at the end makes the first key the one unused for longest.
  feeds.delete(key);
  feeds.set(key, feed);
  if (feeds.size > MOST_FEEDS) {
    const oldest = feeds.keys().next().value;
    if (oldest !== undefined) feeds.delete(oldest);
  }
  return feed;
}
