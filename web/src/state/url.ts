// The view as a query string and back: only what differs from the defaults, so that a link stays short.
import type { Base } from './ticked';

export type XAxis = 'step' | 'relative' | 'wall';

export interface View {
  /** Name of the kind that is shown; empty for all. */
  kind: string;
  /** How the run table is arranged, as the table writes it; empty for the default. */
  table: string;
  runFilter: string;
  tagFilter: string;
  smoothing: number;
  x: XAxis;
  logY: boolean;
  /** The step at which all cards look whose values have one; null for each one's newest. */
  at: number | null;
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
  runFilter: '',
  tagFilter: '',
  smoothing: 0,
  x: 'step',
  logY: false,
  at: null,
  base: 'newest',
  on: [],
  off: [],
  collapsed: [],
};

/** Without the leading question mark; empty when everything is at its default. */
export function toQuery(view: View): string {
  const query = new URLSearchParams();
  if (view.kind) query.set('kind', view.kind);
  if (view.table) query.set('table', view.table);
  if (view.runFilter) query.set('run_filter', view.runFilter);
  if (view.tagFilter) query.set('tag_filter', view.tagFilter);
  if (view.smoothing !== 0) query.set('smoothing', String(view.smoothing));
  if (view.x !== 'step') query.set('x', view.x);
  if (view.logY) query.set('y', 'log');
  if (view.at !== null) query.set('at', String(view.at));
  if (view.on.length + view.off.length <= MOST_NAMES) {
    if (view.base !== 'newest') query.set('runs', view.base);
    for (const name of view.on) query.append('on', name);
    for (const name of view.off) query.append('off', name);
  }
  for (const group of view.collapsed) query.append('closed', group);
  // Slashes and commas are legal in a query, and most run names hold them.
  return query.toString().replaceAll('%2F', '/').replaceAll('%2C', ',');
}

/** Anything that is not understood falls back to its default: links outlive versions. */
export function fromQuery(search: string): View {
  const query = new URLSearchParams(search);
  const x = query.get('x');
  const base = query.get('runs');
  return {
    kind: query.get('kind') ?? '',
    table: query.get('table') ?? '',
    runFilter: query.get('run_filter') ?? '',
    tagFilter: query.get('tag_filter') ?? '',
    smoothing: clampSmoothing(Number(query.get('smoothing') ?? 0)),
    x: x === 'relative' || x === 'wall' ? x : 'step',
    logY: query.get('y') === 'log',
    at: stepOf(query.get('at')),
    base: base === 'all' || base === 'none' ? base : 'newest',
    on: query.getAll('on'),
    off: query.getAll('off'),
    collapsed: query.getAll('closed'),
  };
}

function stepOf(text: string | null): number | null {
  const step = Number(text ?? NaN);
  return text !== '' && Number.isFinite(step) ? step : null;
}

export function clampSmoothing(value: number): number {
  return Number.isFinite(value) ? Math.min(Math.max(value, 0), MAX_SMOOTHING) : 0;
}
