// The tree that is shown: the graph's scopes, with blocks that are alike folded to one and lone scopes left out.
import { setAside } from './aside';
import { classOf, nameOf, opOf, roleOf, shortOp, type Graph } from './data';
import { findGroups } from './series';

/** Items that are alike and numbered: `layer 0…11`; or a part of what one scope has too many of. */
export interface Group {
  kind: 'series' | 'part';
  title: string;
  /** Items of the graph, or other groups where there are very many. */
  members: readonly number[];
  /** Items of the graph in it. */
  count: number;
}

export interface Tree {
  graph: Graph;
  /** Items of the graph, then groups. */
  count: number;
  /** The item around an item as shown; -1 for none, LEFT_OUT for what is not shown. */
  parent: Int32Array;
  groups: ReadonlyMap<number, Group>;
  /** See `ASIDE`; 0 for what is shown. */
  aside: Uint8Array;
  /** Equal for items that are built alike. */
  signature: Int32Array;
  /** Nodes in an item, itself included. */
  nodes: Int32Array;
  /** With all that is in it; NaN where nothing is known. */
  parameters: Float64Array;
  flops: Float64Array;
  /** Nodes that call a function, and the first that each calls. */
  calls: ReadonlyMap<number, number>;
  /** Left-out scopes before an item's own name. */
  prefix: ReadonlyMap<number, string>;
  /** Children of item i stand in `children` from `starts[i + 1]` to `starts[i + 2]`; those of no item at i = -1. */
  starts: Int32Array;
  children: Int32Array;
}

export const NONE = -1;
export const LEFT_OUT = -3;

export interface TreeOptions {
  fold: boolean;
  showAside: boolean;
  chosen: ReadonlyMap<number, boolean>;
}

export function buildTree(graph: Graph, options: TreeOptions): Tree {
  const aside = options.showAside ? new Uint8Array(graph.count) : setAside(graph, options.chosen);
  const parent = Int32Array.from(graph.parent);
  const prefix = leaveOutLoneScopes(graph, parent);
  const signature = signatures(graph, aside);
  let rows = rowsOf(parent, graph.count);
  const groups = findGroups(graph, rows, aside, signature, options.fold);
  const count = graph.count + groups.length;
  const grown = grow(parent, count, groups, graph.count);
  rows = rowsOf(grown, count);
  const tree: Tree = {
    graph,
    count,
    parent: grown,
    groups: new Map(groups.map((group, i) => [graph.count + i, group])),
    aside: resize(aside, new Uint8Array(count)),
    signature: resize(signature, new Int32Array(count)),
    nodes: totals(graph, count, groups, (item) => (graph.node[item] >= 0 ? 1 : 0), Int32Array),
    parameters: quantities(graph, graph.parameters, count, groups),
    flops: quantities(graph, graph.flops, count, groups),
    calls: new Map([...graph.caller].map((caller, i) => [caller, graph.callee[i]] as const).reverse()),
    prefix,
    ...rows,
  };
  groups.forEach((group, i) => (tree.signature[graph.count + i] = tree.signature[group.members[0]] ^ 0x5bd1));
  return tree;
}

export function childrenOf(tree: Pick<Tree, 'starts' | 'children'>, item: number): Int32Array {
  return tree.children.subarray(tree.starts[item + 1], tree.starts[item + 2]);
}

/** The children that are not set aside, in the order of the file. */
export function shownChildren(tree: Tree, item: number): number[] {
  const shown = [...childrenOf(tree, item)].filter((child) => tree.aside[child] === 0);
  return tree.groups.size === 0 ? shown : shown.sort((a, b) => firstOf(tree, a) - firstOf(tree, b));
}

/** The first item of the graph in a group; of anything else itself. */
export function firstOf(tree: Tree, item: number): number {
  const group = tree.groups.get(item);
  return group ? firstOf(tree, group.members[0]) : item;
}

export function titleOf(tree: Tree, item: number): string {
  const group = tree.groups.get(item);
  if (group) return group.title;
  const { graph } = tree;
  const op = opOf(graph, item);
  // torch's operations have a number for a name: what they do says more.
  const title = op.includes('::') && graph.node[item] >= 0 ? shortOp(op) : nameOf(graph, item);
  return (tree.prefix.get(item) ?? '') + title;
}

/** What stands below the title: the class of a module, the operation of a node. */
export function subtitleOf(tree: Tree, item: number): string {
  const group = tree.groups.get(item);
  const { graph } = tree;
  if (group) return group.kind === 'series' ? subtitleOf(tree, firstOf(tree, item)) : '';
  const kind = classOf(graph, item);
  if (kind) return kind;
  const op = opOf(graph, item);
  if (op.includes('::') || op === 'IO Node') return '';
  return roleOf(graph, item) === 'missing' ? '?' : op;
}

/** Items around an item, the nearest first, the item left out. */
export function* ancestors(tree: Tree, item: number): Generator<number> {
  for (let at = tree.parent[item]; at >= 0; at = tree.parent[at]) yield at;
}

/** `input/x`: a scope that holds one thing and is nothing else gives way to it. */
function leaveOutLoneScopes(graph: Graph, parent: Int32Array): Map<number, string> {
  const prefix = new Map<number, string>();
  const only = new Int32Array(graph.count).fill(NONE);
  const counts = new Int32Array(graph.count);
  for (let item = 0; item < graph.count; item++) {
    if (parent[item] < 0) continue;
    counts[parent[item]]++;
    only[parent[item]] = item;
  }
  for (let item = graph.count - 1; item >= 0; item--) {
    if (graph.node[item] >= 0 || counts[item] !== 1 || graph.role[item] > 0) continue;
    if (classOf(graph, item)) continue;
    const child = only[item];
    prefix.set(child, `${graph.segments[item]}/${prefix.get(child) ?? ''}`);
    parent[child] = parent[item];
    if (parent[item] >= 0) only[parent[item]] = child;
    parent[item] = LEFT_OUT;
  }
  return prefix;
}

/** Children by parent, in the order of items (compressed sparse rows). */
function rowsOf(parent: Int32Array, count: number): { starts: Int32Array; children: Int32Array } {
  const starts = new Int32Array(count + 2);
  for (let item = 0; item < count; item++) if (parent[item] >= NONE) starts[parent[item] + 2]++;
  for (let row = 1; row < starts.length; row++) starts[row] += starts[row - 1];
  const children = new Int32Array(starts[count + 1]);
  const next = starts.slice();
  for (let item = 0; item < count; item++) {
    if (parent[item] >= NONE) children[next[parent[item] + 1]++] = item;
  }
  return { starts, children };
}

/** From the leaves up; what is set aside does not count, nor does the order of children. */
function signatures(graph: Graph, aside: Uint8Array): Int32Array {
  const signature = new Int32Array(graph.count);
  const kinds = new Map<string, number>();
  const kindOf = (item: number): number => {
    const kind = classOf(graph, item);
    if (!kind) return graph.op[item] + 1;
    return kinds.get(kind) ?? (kinds.set(kind, ~kinds.size), kinds.get(kind) ?? 0);
  };
  for (let item = graph.count - 1; item >= 0; item--) {
    signature[item] = mixed(signature[item] ^ Math.imul(kindOf(item), 0x9e3779b1));
    if (aside[item] === 0 && graph.parent[item] >= 0) {
      signature[graph.parent[item]] += mixed(signature[item] + 0x7f4a7c15);
    }
  }
  return signature;
}

function mixed(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function grow(parent: Int32Array, count: number, groups: readonly Group[], first: number): Int32Array {
  const grown = resize(parent, new Int32Array(count));
  groups.forEach((group, i) => {
    grown[first + i] = grown[group.members[0]];
    for (const member of group.members) grown[member] = first + i;
  });
  return grown;
}

function resize<Values extends Int32Array | Uint8Array>(from: Values, to: Values): Values {
  to.set(from);
  return to;
}

function totals<Values extends Int32Array | Float64Array>(
  graph: Graph,
  count: number,
  groups: readonly Group[],
  own: (item: number) => number,
  Values: new (length: number) => Values,
): Values {
  const sums = new Values(count);
  for (let item = graph.count - 1; item >= 0; item--) {
    sums[item] += own(item);
    if (graph.parent[item] >= 0) sums[graph.parent[item]] += sums[item];
  }
  // Later groups may hold earlier ones.
  groups.forEach((group, i) => {
    for (const member of group.members) sums[graph.count + i] += sums[member];
  });
  return sums;
}

/** What a module says of itself, with all in it, goes before the sum of what its parts say. */
function quantities(
  graph: Graph,
  told: Graph['parameters'],
  count: number,
  groups: readonly Group[],
): Float64Array {
  const sums = new Float64Array(count).fill(NaN);
  const add = (to: number, value: number): void => {
    if (!Number.isNaN(value)) sums[to] = (Number.isNaN(sums[to]) ? 0 : sums[to]) + value;
  };
  for (let item = graph.count - 1; item >= 0; item--) {
    if (!Number.isNaN(told[item])) sums[item] = told[item];
    if (graph.parent[item] >= 0) add(graph.parent[item], sums[item]);
  }
  groups.forEach((group, i) => group.members.forEach((member) => add(graph.count + i, sums[member])));
  return sums;
}
