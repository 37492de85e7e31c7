// What can be told of one item: what flows into and out of it, and what depends on what.
import type { Tensor } from './data';
import { CONTROL, pathOf, roleOf, type Graph } from './data';
import type { Tree } from './tree';

/** An edge that crosses the border of an item. */
export interface Link {
  /** The node on the other side. */
  item: number;
  path: string;
  tensor: Tensor | undefined;
  control: boolean;
}

export interface Links {
  inputs: Link[];
  outputs: Link[];
  /** How many there are; the lists hold the first MOST_LINKS. */
  inputCount: number;
  outputCount: number;
}

export const MOST_LINKS = 200;

/** 1 for the item and all in it. */
export function insideOf(tree: Tree, item: number): Uint8Array {
  const inside = new Uint8Array(tree.count);
  const waiting = [item];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    inside[at] = 1;
    for (let child = tree.starts[at + 1]; child < tree.starts[at + 2]; child++)
      waiting.push(tree.children[child]);
  }
  return inside;
}

export function linksOf(tree: Tree, item: number): Links {
  const { graph } = tree;
  const inside = insideOf(tree, item);
  const links: Links = { inputs: [], outputs: [], inputCount: 0, outputCount: 0 };
  const seen = new Set<string>();
  for (let edge = 0; edge < graph.source.length; edge++) {
    const [source, target] = [graph.source[edge], graph.target[edge]];
    if (inside[source] === inside[target]) continue;
    const isInput = inside[target] === 1;
    const other = isInput ? source : target;
    // A tensor that goes to many places in the item, or from many, is told once.
    const key = `${other} ${isInput ? graph.slot[edge] : `${source}.${graph.slot[edge]}`} ${isInput}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const list = isInput ? links.inputs : links.outputs;
    if (isInput) links.inputCount++;
    else links.outputCount++;
    if (list.length >= MOST_LINKS) continue;
    list.push({
      item: other,
      path: pathOf(graph, other),
      tensor: graph.tensors[graph.edgeTensor[edge]],
      control: graph.edgeTensor[edge] === CONTROL,
    });
  }
  // Activations before weights and constants.
  const isAside = (link: Link): number => Number(tree.aside[link.item] > 0);
  links.inputs.sort((a, b) => isAside(a) - isAside(b));
  links.outputs.sort((a, b) => isAside(a) - isAside(b));
  return links;
}

export interface Calls {
  /** Functions that something in the item calls. */
  functions: Link[];
  /** Nodes that call the item, or a function in it. */
  callers: Link[];
}

export function callsOf(tree: Tree, item: number): Calls {
  const { graph } = tree;
  if (graph.caller.length === 0) return { functions: [], callers: [] };
  const inside = insideOf(tree, item);
  const functions = new Set<number>();
  const callers = new Set<number>();
  graph.caller.forEach((caller: number, at: number) => {
    const callee = graph.callee[at];
    if (inside[caller] === 1 && inside[callee] === 0) functions.add(callee);
    if (inside[callee] === 1 && inside[caller] === 0) callers.add(caller);
  });
  return { functions: linksTo(graph, functions), callers: linksTo(graph, callers) };
}

/** All functions of the library. */
export function functionsOf(graph: Graph): Link[] {
  const isFunction = (item: number): boolean => graph.parent[item] >= 0 && roleOf(graph, item) === 'function';
  return linksTo(graph, [...Array(graph.count).keys()].filter(isFunction));
}

function linksTo(graph: Graph, items: Iterable<number>): Link[] {
  return [...items].map((item) => ({ item, path: pathOf(graph, item), tensor: undefined, control: false }));
}

/** All nodes that an item depends on, or that depend on it, itself included. */
export function trace(tree: Tree, item: number, direction: 'inputs' | 'outputs'): Uint8Array {
  const { graph } = tree;
  const [from, to] = direction === 'inputs' ? [graph.target, graph.source] : [graph.source, graph.target];
  const starts = new Int32Array(graph.count + 1);
  for (let edge = 0; edge < from.length; edge++) starts[from[edge] + 1]++;
  for (let at = 1; at < starts.length; at++) starts[at] += starts[at - 1];
  const next = starts.slice();
  const others = new Int32Array(from.length);
  for (let edge = 0; edge < from.length; edge++) others[next[from[edge]]++] = to[edge];
  const reached = insideOf(tree, item);
  const waiting = [...reached.keys()].filter((at) => reached[at] === 1 && at < graph.count);
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (let edge = starts[at]; edge < starts[at + 1]; edge++) {
      const other = others[edge];
      if (reached[other] === 1 || tree.aside[other] > 0) continue;
      reached[other] = 1;
      waiting.push(other);
    }
  }
  return reached;
}

export interface Found {
  items: number[];
  /** How many match; `items` holds the first MOST_FOUND. */
  count: number;
}

export const MOST_FOUND = 300;

/** Items whose full name, or operation, matches; what is set aside comes last. */
export function search({ graph, aside }: Tree, regex: RegExp): Found {
  const shown: number[] = [];
  const hidden: number[] = [];
  const paths: string[] = [];
  let count = 0;
  for (let item = 0; item < graph.count; item++) {
    const above = graph.parent[item];
    paths.push(above < 0 ? graph.segments[item] : `${paths[above]}/${graph.segments[item]}`);
    if (!regex.test(paths[item]) && !regex.test(graph.ops[graph.op[item]] ?? '')) continue;
    count++;
    const list = aside[item] > 0 ? hidden : shown;
    if (list.length < MOST_FOUND) list.push(item);
  }
  return { items: [...shown, ...hidden].slice(0, MOST_FOUND), count };
}
