// What the colour of a box says, and the legend for it.
import { PALETTE, type Theme } from '../../state/colours';
import { classOf, deviceOf, opOf, shortOp } from './data';
import { bytesText, countText, timeText } from './quantity';
import type { Scene } from './scene';
import { firstOf, subtitleOf, titleOf, type Tree } from './tree';

const COLOURINGS = [
  'type',
  'structure',
  'device',
  'parameters',
  'flops',
  'time',
  'memory',
  'difference',
] as const;
export type ColourBy = (typeof COLOURINGS)[number];

/** What a link says; undefined for what it cannot mean. */
export function asColourBy(word: string): ColourBy | undefined {
  return COLOURINGS.find((known) => known === word);
}

export const CHANGES = ['same', 'added', 'removed', 'changed'] as const;
export type Change = (typeof CHANGES)[number];

/** Quantities of items beyond what the graph says; NaN where nothing is known. */
export interface Costs {
  time: Float64Array;
  memory: Float64Array;
}

export interface LegendEntry {
  label: string;
  colour: string;
  count: number;
}

export interface Colouring {
  /** Null for what has no colour. */
  of: (item: number) => string | null;
  legend: readonly LegendEntry[];
  /** The largest value of a scale, where the colour is a quantity. */
  most: number | null;
  /** What such a quantity is of an item. */
  textOf?: (item: number) => string;
}

const MOST_LEGEND = 14;
const CHANGE_COLOURS: Record<Theme, Record<Change, string>> = {
  light: { same: '#8a94a3', added: '#0f8a5f', removed: '#d13438', changed: '#b26a00' },
  dark: { same: '#7a8698', added: '#3fc796', removed: '#ff7b78', changed: '#e5a443' },
};
/** From little to much, on either theme's surface. */
const SCALE: Record<Theme, readonly [string, string]> = {
  light: ['#eef2f9', '#f5a04c'],
  dark: ['#232a36', '#a8520f'],
};

export function colouringOf(
  scene: Scene,
  by: ColourBy,
  theme: Theme,
  costs: Costs | null,
  changeOf: ((item: number) => Change) | null,
): Colouring {
  const { tree } = scene;
  if (by === 'difference' && changeOf) return byChange(scene, theme, changeOf);
  if (by === 'parameters') return byQuantity(scene, tree.parameters, theme, countText);
  if (by === 'flops') return byQuantity(scene, tree.flops, theme, countText);
  if (by === 'time' || by === 'memory') {
    const values = costs?.[by] ?? new Float64Array(tree.count).fill(NaN);
    return byQuantity(scene, values, theme, by === 'time' ? timeText : bytesText);
  }
  if (by === 'structure') return byStructure(scene, theme);
  return byName(scene, theme, by === 'device' ? deviceOfAll(tree) : (item) => typeOf(tree, item));
}

/** The class of a module or the operation of a node; '' for a mere scope. */
export function typeOf(tree: Tree, item: number): string {
  const group = tree.groups.get(item);
  if (group) return group.kind === 'series' ? typeOf(tree, firstOf(tree, item)) : '';
  return classOf(tree.graph, item) || shortOp(opOf(tree.graph, item));
}

/** A scope has a device when all that is in it has the same. */
function deviceOfAll(tree: Tree): (item: number) => string {
  const { graph } = tree;
  const known = new Map<number, string>();
  const devices = new Map<number, Set<string>>();
  for (let item = 0; item < graph.count; item++) {
    const device = deviceOf(graph, item);
    if (!device) continue;
    for (let at = item; at >= 0; at = tree.parent[at]) {
      const set = devices.get(at) ?? new Set();
      if (set.has(device)) break;
      devices.set(at, set.add(device));
    }
  }
  for (const [item, set] of devices) known.set(item, set.size === 1 ? [...set][0] : '');
  return (item) => known.get(item) ?? '';
}

/** The most frequent get the first colours. Counted are boxes on the screen, so that the legend explains them. */
function byName(scene: Scene, theme: Theme, nameOf: (item: number) => string): Colouring {
  const counts = new Map<string, number>();
  for (const item of shownItems(scene)) {
    const name = nameOf(item);
    if (name) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const names = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const palette = PALETTE[theme];
  const colours = new Map(names.slice(0, palette.length).map(([name], i) => [name, palette[i]]));
  return {
    of: (item) => colours.get(nameOf(item)) ?? null,
    legend: names.slice(0, MOST_LEGEND).flatMap(([label, count]) => {
      const colour = colours.get(label);
      return colour ? [{ label, colour, count }] : [];
    }),
    most: null,
  };
}

/** Only what occurs more than once has a colour. */
function byStructure(scene: Scene, theme: Theme): Colouring {
  const { tree } = scene;
  const alike = new Map<number, number[]>();
  for (const item of shownItems(scene)) {
    const list = alike.get(tree.signature[item]);
    if (list) list.push(item);
    else alike.set(tree.signature[item], [item]);
  }
  const repeated = [...alike]
    .filter(([, items]) => items.length > 1)
    .sort((a, b) => b[1].length - a[1].length);
  const palette = PALETTE[theme];
  const colours = new Map(repeated.map(([signature], i) => [signature, palette[i % palette.length]]));
  return {
    of: (item) => colours.get(tree.signature[item]) ?? null,
    legend: repeated.slice(0, MOST_LEGEND).map(([signature, items]) => ({
      label: subtitleOf(tree, items[0]) || titleOf(tree, items[0]),
      colour: colours.get(signature) ?? '',
      count: items.length,
    })),
    most: null,
  };
}

/** Closed boxes are compared with each other: an open one holds what its parts show. */
function byQuantity(
  scene: Scene,
  values: Float64Array,
  theme: Theme,
  text: (value: number) => string,
): Colouring {
  const closed = shownItems(scene).filter((item) => !scene.inside.has(item));
  const most = closed.reduce((largest, item) => (values[item] > largest ? values[item] : largest), 0);
  const [little, much] = SCALE[theme];
  return {
    of: (item) => {
      const value = values[item];
      if (!(value >= 0) || scene.inside.has(item)) return null;
      // The root keeps small parts apart that a straight scale would paint alike.
      return mix(little, much, most > 0 ? Math.sqrt(value / most) : 0);
    },
    legend: [
      { label: '', colour: little, count: 0 },
      { label: '', colour: much, count: 0 },
    ],
    most,
    textOf: (item) => text(values[item]),
  };
}

function byChange(scene: Scene, theme: Theme, changeOf: (item: number) => Change): Colouring {
  const colours = CHANGE_COLOURS[theme];
  const counts = new Map<Change, number>();
  for (let item = 0; item < scene.tree.graph.count; item++) {
    if (scene.tree.graph.node[item] < 0) continue;
    const change = changeOf(item);
    counts.set(change, (counts.get(change) ?? 0) + 1);
  }
  return {
    of: (item) => {
      const change = changeOf(item);
      return change === 'same' ? null : colours[change];
    },
    legend: CHANGES.map((change) => ({
      label: change,
      colour: colours[change],
      count: counts.get(change) ?? 0,
    })),
    most: null,
  };
}

function shownItems(scene: Scene): number[] {
  return [...scene.inside.values()].flat();
}

/** Of two colours '#rrggbb', `part` of the second. */
export function mix(first: string, second: string, part: number): string {
  const channel = (at: number): string => {
    const [a, b] = [first, second].map((colour) => parseInt(colour.slice(at, at + 2), 16));
    return Math.round(a + (b - a) * part)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}
