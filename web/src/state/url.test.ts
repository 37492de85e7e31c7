// The view survives its way through the address bar.
import { expect, test } from 'vitest';
import { changeCard, PLAIN_CARD, withoutZooms } from './cards';
import { PLAIN_GRAPH } from './graphLink';
import { DEFAULT_VIEW, fromQuery, toQuery, type View } from './url';

test('the default view leaves the address bare', () => {
  expect(toQuery(DEFAULT_VIEW)).toBe('');
  expect(fromQuery('')).toEqual(DEFAULT_VIEW);
});

test.each<[string, Partial<View>]>([
  ['filters', { runFilter: 'adam|sgd(?!_)', tagFilter: '^train/.*&loss=+' }],
  ['query', { runQuery: 'loss.min < 0.4 and name ~ "vit&+"' }],
  ['axes', { smoothing: 0.95, x: 'wall', xScale: 'symlog', yScale: 'log', ignoreOutliers: true }],
  ['runs', { base: 'none', on: ['mnist/lr=0.1,bs=8', 'ünïcode 运行', '.'], off: ['a&b'] }],
  ['marks', { at: 20, span: [10, 20], last: 500, restarts: 'hidden' }],
  [
    'cards',
    {
      pinned: ['scalar:train/loss', 'image:a,b'],
      linkZoom: true,
      cards: new Map([
        ['scalar:a,b', { ...PLAIN_CARD, wide: true, zoom: [-1, 2.5] as const }],
        ['scalar:b', { ...PLAIN_CARD, columns: 2, height: 400 }],
        ['scalar:d', { ...PLAIN_CARD, height: 400 }],
        ['scalar:c', { ...PLAIN_CARD, low: 0, scale: 'log' as const }],
        ['scalar:d,e', { ...PLAIN_CARD, line: -0.25, lineName: 'the target' }],
      ]),
    },
  ],
  [
    'comparisons',
    {
      compared: {
        added: new Map([
          ['train/loss', ['val/loss', 'a,b=c']],
          ['lr', ['epoch']],
        ]),
        rules: ['train/* with val/*'],
        formulas: [
          { name: 'gap', text: 'val/loss - train/loss' },
          { name: 'odd', text: '"a=b" + 1' },
        ],
        along: 'epoch',
        groupBy: 'regex:seed(\\d)=',
        centre: 'median',
        band: 'bootstrap',
      },
    },
  ],
  ['colours', { colourBy: 'regex:seed(\\d+)', pinnedRuns: ['a/b', 'c'], baseline: 'a/b' }],
  ['circumstances', { about: ['a/b', 'c'] }],
  [
    'graphs',
    {
      graph: {
        ...PLAIN_GRAPH,
        graph: '1kd3f,runs/a,b',
        other: 'zz,c d',
        profile: '0,runs/a',
        colour: 'flops',
        find: 'conv.*&',
        fold: false,
        showAside: true,
        opened: [3, 7, 8, 9, 10, 12, 1000],
        closed: [0],
        putAside: [36],
        brought: [35, 36],
        selected: 0,
        traced: { item: 41, direction: 'outputs' as const },
        pane: 'layers' as const,
      },
    },
  ],
  ['groups', { collapsed: ['', 'train', 'val#1'] }],
])('%s go there and back', (_, change) => {
  const view = { ...DEFAULT_VIEW, ...change };
  expect(fromQuery(`?${toQuery(view)}`)).toEqual(view);
});

test('slashes stay readable', () => {
  expect(toQuery({ ...DEFAULT_VIEW, on: ['a/b'] })).toBe('on=a/b');
});

test('what is not understood falls back to its default', () => {
  expect(
    fromQuery(
      '?smoothing=banana&x=epoch&runs=some&y=cubic&zoom=2,1,scalar:a&limits=,x,b&at=&line=x,,a&add=b&formula==x&formula=y&share=a*&centre=mode&band=5&steps=9,1&last=-3',
    ),
  ).toEqual(DEFAULT_VIEW);
  expect(fromQuery('?smoothing=7').smoothing).toBe(0.999);
});

test('a link never grows beyond what can be sent', () => {
  const on = Array.from({ length: 10000 }, (_, i) => `run${i}`);
  expect(toQuery({ ...DEFAULT_VIEW, base: 'none', on })).toBe('');
});

test('items of a graph take little room, and hostile ones none', () => {
  const many = Array.from({ length: 500 }, (_, i) => 90_000 + i);
  const graph = { ...PLAIN_GRAPH, opened: [3, 7, 8, 9, 10, ...many] };
  expect(toQuery({ ...DEFAULT_VIEW, graph })).toBe('graph_open=3.7-a.1xg0-1xtv');
  const read = (query: string): unknown => fromQuery(query).graph;
  expect(read('?graph_open=1.&graph_closed=--&graph_node=x_&graph_trace=up,3&graph_pane=all')).toEqual(
    PLAIN_GRAPH,
  );
  expect(fromQuery('?graph_open=0-zzzzzz').graph.opened).toHaveLength(10_000);
});

test('a link without smoothing means the usual one, and none has to be said', () => {
  expect(fromQuery('', 0.6).smoothing).toBe(0.6);
  expect(fromQuery(`?${toQuery(DEFAULT_VIEW, 0.6)}`, 0.6).smoothing).toBe(0);
});

test('a card that is plain again is forgotten', () => {
  const cards = changeCard(new Map(), 'a', { zoom: [1, 2], low: 3 });
  expect([...withoutZooms(cards).keys()]).toEqual(['a']);
  expect(changeCard(withoutZooms(cards), 'a', { low: null }).size).toBe(0);
});
