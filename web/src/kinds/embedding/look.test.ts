// A look goes into the page's address and comes back; what is wrong in it does no harm.
import { expect, test } from 'vitest';
import { DEFAULT_LOOK, lookOf, read, written, type Look } from './look';

const CHANGED: Look = {
  ...DEFAULT_LOOK,
  run: 'a',
  name: 'layer',
  step: 10,
  method: 'umap',
  dimensions: 2,
  components: [2, 0, 1],
  axes: [{ column: 1, from: 'cat', to: 'dog', is_regex: true }, DEFAULT_LOOK.axes[1]],
  settings: { ...DEFAULT_LOOK.settings, neighbours: 5 },
  spherise: true,
  labelBy: 1,
  colourBy: null,
  categories: false,
  sprites: false,
  metric: 'euclidean',
  neighbours: 20,
  query: { column: 1, text: 'x&y', is_regex: true },
  focus: 3,
};

test('a look comes back from the address; the usual one takes no room', () => {
  expect(read(written([CHANGED]))).toEqual([CHANGED]);
  expect(read(written([DEFAULT_LOOK, CHANGED]))).toEqual([DEFAULT_LOOK, CHANGED]);
  expect(written([DEFAULT_LOOK])).toBe('');
  expect(read('')).toEqual([DEFAULT_LOOK]);
});

test('what is no look is the usual one', () => {
  for (const text of ['{', 'null', '[]', '[[]]', '7', '"x"']) expect(read(text)).toEqual([DEFAULT_LOOK]);
  const odd = {
    method: 'mds',
    components: [0, -1, 2],
    axes: [null, 3],
    settings: { perplexity: 'x' },
    query: 7,
    neighbours: 1e9,
    focus: -1,
    camera: { yaw: 1 },
    selected: [1.5],
  };
  expect(lookOf(odd)).toEqual({ ...DEFAULT_LOOK, axes: DEFAULT_LOOK.axes, neighbours: 999 });
});

test('a bookmark holds the view and the chosen points', () => {
  const camera = { yaw: 1, pitch: 0, zoom: 2, pan: [0, 1] };
  expect(lookOf({ camera, selected: [1, 2], isolated: [] })).toEqual({
    ...DEFAULT_LOOK,
    camera,
    selected: [1, 2],
    isolated: [],
  });
});
