// The view as a query string and back: only what differs from the defaults, so that a link stays short.
import { intervalOf, numberOf, readCards, writeCards, type CardViews, type Interval } from './cards';
import { PLAIN_GRAPH, readGraph, writeGraph, type GraphLink } from './graphLink';
import { NOTHING_COMPARED, readCompared, writeCompared, type Compared } from './compared';
import type { Base } from './ticked';

export type XAxis = 'step' | 'relative' | 'wall';
export type Scale = 'linear' | 'log' | 'symlog';
/** How curves are smoothed; docs/kinds/scalar.md has the formulas. */
export type Smoother = 'ema' | 'time' | 'mean' | 'gaussian' | 'median';
/** How points are shown that a restart gave up: behind the others, not at all, or like them. */
export type Restarts = 'faded' | 'hidden' | 'full';

export interface View {
  /** Name of the kind that is shown; empty for all. */
  kind: string;
  /** How the run table is arranged, as the table writes it; empty for the default. */
  table: string;
  graph: GraphLink;
  /** What the projector shows, as it writes it; empty for the default. */
  projector: string;
  runFilter: string;
  /** See runQuery.ts; it goes before the filter. */
  runQuery: string;
  /** What is said of the runs that are listed; see marks.ts. */
  only: readonly string[];
  tagFilter: string;
  smoothing: number;
  smoother: Smoother;
  x: XAxis;
  xScale: Scale;
  yScale: Scale;
  ignoreOutliers: boolean;
  restarts: Restarts;
  /** Only so many of the last steps are shown; null for all. */
  last: number | null;
  /** The step at which all cards look whose values have one; null for each one's newest. */
  at: number | null;
  /** The stretch of steps that is summed up below the charts. */
  span: Interval | null;
  /** Cards that stand on top, by kind and tag. */
  pinned: readonly string[];
  cards: CardViews;
  compared: Compared;
  /** Whether all cards zoom together. */
  linkZoom: boolean;
  /** Which runs share a colour; see colours.ts. */
  colourBy: string;
  pinnedRuns: readonly string[];
  /** The run that the others are compared with; empty for none. */
  baseline: string;
  /** Runs whose circumstances are looked at: one, or two to compare. */
  about: readonly string[];
  base: Base;
  on: string[];
  off: string[];
  collapsed: string[];
}

export const MAX_SMOOTHING = 0.999;
/** Beyond this many names a link would be refused somewhere on its way. */
const MOST_NAMES = 500;

export const DEFAULT_VIEW: View = {
  kind: '',
  table: '',
  graph: PLAIN_GRAPH,
  projector: '',
  runFilter: '',
  runQuery: '',
  only: [],
  tagFilter: '',
  smoothing: 0,
  smoother: 'ema',
  x: 'step',
  xScale: 'linear',
  yScale: 'linear',
  ignoreOutliers: false,
  restarts: 'faded',
  last: null,
  at: null,
  span: null,
  pinned: [],
  cards: new Map(),
  compared: NOTHING_COMPARED,
  linkZoom: false,
  colourBy: 'run',
  pinnedRuns: [],
  baseline: '',
  about: [],
  base: 'newest',
  on: [],
  off: [],
  collapsed: [],
};

/** Without the leading question mark; empty when everything is at its default. `usual` is the smoothing that a link
 * without any is shown with here. */
export function toQuery(view: View, usual = 0): string {
  const query = new URLSearchParams();
  if (view.kind) query.set('kind', view.kind);
  if (view.table) query.set('table', view.table);
  writeGraph(query, view.graph);
  if (view.projector) query.set('projector', view.projector);
  if (view.runFilter) query.set('run_filter', view.runFilter);
  if (view.runQuery) query.set('run_query', view.runQuery);
  for (const mark of view.only) query.append('only', mark);
  if (view.tagFilter) query.set('tag_filter', view.tagFilter);
  if (view.smoothing !== 0 || usual !== 0) query.set('smoothing', String(view.smoothing));
  if (view.smoother !== 'ema') query.set('smoother', view.smoother);
  if (view.x !== 'step') query.set('x', view.x);
  if (view.xScale !== 'linear') query.set('x_scale', view.xScale);
  if (view.yScale !== 'linear') query.set('y', view.yScale);
  if (view.ignoreOutliers) query.set('outliers', 'ignored');
  if (view.restarts !== 'faded') query.set('restarts', view.restarts);
  if (view.last !== null) query.set('last', String(view.last));
  if (view.at !== null) query.set('at', String(view.at));
  if (view.span) query.set('steps', view.span.join(','));
  for (const key of view.pinned) query.append('pin', key);
  if (view.linkZoom) query.set('link', 'zoom');
  writeCards(query, view.cards);
  writeCompared(query, view.compared);
  if (view.colourBy !== 'run') query.set('colour_by', view.colourBy);
  for (const name of view.pinnedRuns) query.append('pin_run', name);
  if (view.baseline) query.set('baseline', view.baseline);
  for (const name of view.about) query.append('about', name);
  if (view.on.length + view.off.length <= MOST_NAMES) {
    if (view.base !== 'newest') query.set('runs', view.base);
    for (const name of view.on) query.append('on', name);
    for (const name of view.off) query.append('off', name);
  }
  for (const group of view.collapsed) query.append('closed', group);
  // Slashes, commas and colons are legal in a query, and most run names hold them.
  return query.toString().replaceAll('%2F', '/').replaceAll('%2C', ',').replaceAll('%3A', ':');
}

/** Anything that is not understood falls back to its default: links outlive versions. */
export function fromQuery(search: string, usual = 0): View {
  const query = new URLSearchParams(search);
  const x = query.get('x');
  const base = query.get('runs');
  return {
    kind: query.get('kind') ?? '',
    table: query.get('table') ?? '',
    graph: readGraph(query),
    projector: query.get('projector') ?? '',
    runFilter: query.get('run_filter') ?? '',
    runQuery: query.get('run_query') ?? '',
    only: [...new Set(query.getAll('only'))],
    tagFilter: query.get('tag_filter') ?? '',
    smoothing: clampSmoothing(Number(query.get('smoothing') ?? usual)),
    smoother: oneOf(SMOOTHERS, query.get('smoother')),
    x: x === 'relative' || x === 'wall' ? x : 'step',
    xScale: oneOf(SCALES, query.get('x_scale')),
    yScale: oneOf(SCALES, query.get('y')),
    ignoreOutliers: query.get('outliers') === 'ignored',
    restarts: oneOf(RESTARTS, query.get('restarts')),
    last: positive(numberOf(query.get('last'))),
    at: numberOf(query.get('at')),
    span: intervalOf(...spanOf(query.get('steps') ?? '')),
    pinned: [...new Set(query.getAll('pin'))],
    cards: readCards(query),
    compared: readCompared(query),
    linkZoom: query.get('link') === 'zoom',
    colourBy: query.get('colour_by') ?? 'run',
    pinnedRuns: [...new Set(query.getAll('pin_run'))],
    baseline: query.get('baseline') ?? '',
    about: [...new Set(query.getAll('about'))].slice(0, 2),
    base: base === 'all' || base === 'none' ? base : 'newest',
    on: query.getAll('on'),
    off: query.getAll('off'),
    collapsed: query.getAll('closed'),
  };
}

const SCALES: readonly Scale[] = ['linear', 'log', 'symlog'];
export const SMOOTHERS: readonly Smoother[] = ['ema', 'time', 'mean', 'gaussian', 'median'];
const RESTARTS: readonly Restarts[] = ['faded', 'hidden', 'full'];

/** The word when it is one of those known, else the first of them. */
function oneOf<Word extends string>(words: readonly Word[], text: string | null): Word {
  return words.find((word) => word === text) ?? words[0];
}

function spanOf(text: string): [string, string] {
  const [from = '', to = ''] = text.split(',');
  return [from, to];
}

export function positive(value: number | null): number | null {
  return value !== null && value > 0 ? value : null;
}

export function clampSmoothing(value: number): number {
  return Number.isFinite(value) ? Math.min(Math.max(value, 0), MAX_SMOOTHING) : 0;
}
