// What of the page of graphs stands in a link: which graph, what of it is open, what is told of it.

export interface GraphLink {
  /** The graph, the one it is compared with, the profile over it; '' for the usual one, or none. */
  graph: string;
  other: string;
  profile: string;
  /** What the colours say; '' for the usual. */
  colour: string;
  /** The search. */
  find: string;
  /** Whether series are folded, and whether constants and the like are shown. */
  fold: boolean;
  showAside: boolean;
  /** Items opened and closed beyond what is at first, and set aside or shown by choice: numbers within `graph`. */
  opened: readonly number[];
  closed: readonly number[];
  putAside: readonly number[];
  brought: readonly number[];
  selected: number | null;
  traced: { item: number; direction: 'inputs' | 'outputs' } | null;
  /** What stands beside the picture; '' for the usual. */
  pane: '' | 'node' | 'layers' | 'none';
}

export const PLAIN_GRAPH: GraphLink = {
  graph: '',
  other: '',
  profile: '',
  colour: '',
  find: '',
  fold: true,
  showAside: false,
  opened: [],
  closed: [],
  putAside: [],
  brought: [],
  selected: null,
  traced: null,
  pane: '',
};

const TEXTS = {
  graph: 'graph',
  other: 'graph_with',
  profile: 'graph_profile',
  colour: 'graph_colour',
} as const;
const LISTS = {
  opened: 'graph_open',
  closed: 'graph_closed',
  putAside: 'graph_aside',
  brought: 'graph_shown',
} as const;
/** Beyond this many letters a link would be refused somewhere on its way. */
const LONGEST_LIST = 3000;

export function writeGraph(query: URLSearchParams, link: GraphLink): void {
  for (const [field, name] of entries(TEXTS)) if (link[field]) query.set(name, link[field]);
  if (link.find) query.set('graph_find', link.find);
  if (!link.fold) query.set('graph_fold', 'off');
  if (link.showAside) query.set('graph_constants', 'on');
  for (const [field, name] of entries(LISTS)) {
    const text = numbersText(link[field]);
    if (text && text.length <= LONGEST_LIST) query.set(name, text);
  }
  if (link.selected !== null) query.set('graph_node', numbersText([link.selected]));
  if (link.traced) query.set('graph_trace', `${link.traced.direction},${numbersText([link.traced.item])}`);
  if (link.pane) query.set('graph_pane', link.pane);
}

export function readGraph(query: URLSearchParams): GraphLink {
  const text = (name: string): string => query.get(name) ?? '';
  const numbers = (name: string): number[] => readNumbers(text(name));
  const [direction, item = ''] = text('graph_trace').split(',');
  const [traced] = readNumbers(item);
  const pane = text('graph_pane');
  return {
    graph: text(TEXTS.graph),
    other: text(TEXTS.other),
    profile: text(TEXTS.profile),
    colour: text(TEXTS.colour),
    find: text('graph_find'),
    fold: query.get('graph_fold') !== 'off',
    showAside: query.get('graph_constants') === 'on',
    opened: numbers(LISTS.opened),
    closed: numbers(LISTS.closed),
    putAside: numbers(LISTS.putAside),
    brought: numbers(LISTS.brought),
    selected: numbers('graph_node').at(0) ?? null,
    traced:
      traced !== undefined && (direction === 'inputs' || direction === 'outputs')
        ? { item: traced, direction }
        : null,
    pane: pane === 'node' || pane === 'layers' || pane === 'none' ? pane : '',
  };
}

/** Ascending, in base 36, stretches in short: `3.7-a` for 3, 7, 8, 9, 10. */
function numbersText(numbers: readonly number[]): string {
  const stretches: [number, number][] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = stretches.at(-1);
    if (last && number <= last[1] + 1) last[1] = number;
    else stretches.push([number, number]);
  }
  const short = (number: number): string => number.toString(36);
  return stretches
    .map(([first, last]) => (first === last ? short(first) : `${short(first)}-${short(last)}`))
    .join('.');
}

/** No more numbers than a page can have open: a link is anybody's. */
const MOST_NUMBERS = 10_000;

function readNumbers(text: string): number[] {
  if (!/^[\da-z]{1,6}(-[\da-z]{1,6})?(\.[\da-z]{1,6}(-[\da-z]{1,6})?)*$/.test(text)) return [];
  const numbers: number[] = [];
  for (const stretch of text.split('.')) {
    const [first, last = first] = stretch.split('-').map((part) => parseInt(part, 36));
    for (let at = first; at <= last && numbers.length < MOST_NUMBERS; at++) numbers.push(at);
  }
  return numbers;
}

function entries<Name extends string, Value>(record: Record<Name, Value>): [Name, Value][] {
  return Object.entries(record) as [Name, Value][];
}
