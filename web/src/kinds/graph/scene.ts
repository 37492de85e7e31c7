// What is to be seen of a tree with some items expanded: boxes, and edges bundled per pair of boxes.
import { CONTROL, elementsOf } from './data';
import { childrenOf, NONE, shownChildren, type Tree } from './tree';

/** All edges between two items that are on the screen. */
export interface Bundle {
  from: number;
  to: number;
  edges: number;
  /** Different tensors that flow. */
  tensors: number;
  /** The tensor, when all are of one shape and dtype; -1 otherwise. */
  tensor: number;
  /** Elements of the largest tensor. */
  elements: number;
  /** Whether nothing flows: the edges only say what comes first. */
  control: boolean;
}

export interface Scene {
  tree: Tree;
  expanded: ReadonlySet<number>;
  /** Per expanded item, and NONE for the whole, what it shows. */
  inside: ReadonlyMap<number, readonly number[]>;
  bundles: readonly Bundle[];
  /** Per item the one that stands for it on the screen; NONE for what is set aside. */
  shownAs: Int32Array;
  /** Number of boxes. */
  count: number;
}

/** A lone scope is opened at first unless it holds more than this. */
const MOST_AT_FIRST = 90;

export function buildScene(tree: Tree, expanded: ReadonlySet<number>): Scene {
  const inside = new Map<number, readonly number[]>();
  let count = 0;
  const open = (item: number): void => {
    const children = shownChildren(tree, item);
    inside.set(item, children);
    count += children.length;
    for (const child of children) if (isOpen(tree, expanded, child)) open(child);
  };
  open(NONE);
  const shownAs = representatives(tree, inside);
  return { tree, expanded, inside, bundles: bundle(tree, shownAs), shownAs, count };
}

export function canExpand(tree: Tree, item: number): boolean {
  return childrenOf(tree, item).some((child) => tree.aside[child] === 0);
}

function isOpen(tree: Tree, expanded: ReadonlySet<number>, item: number): boolean {
  return expanded.has(item) && canExpand(tree, item);
}

/** Everything lies in the box of the nearest ancestor that is on the screen. */
function representatives(tree: Tree, inside: ReadonlyMap<number, readonly number[]>): Int32Array {
  const shownAs = new Int32Array(tree.count).fill(NONE);
  const fill = (top: number): void => {
    const waiting = [top];
    for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
      shownAs[item] = top;
      for (let at = tree.starts[item + 1]; at < tree.starts[item + 2]; at++) {
        const child = tree.children[at];
        if (tree.aside[child] === 0) waiting.push(child);
      }
    }
  };
  for (const children of inside.values()) {
    for (const child of children) {
      if (inside.has(child)) shownAs[child] = child;
      else fill(child);
    }
  }
  return shownAs;
}

function bundle(tree: Tree, shownAs: Int32Array): Bundle[] {
  const { graph } = tree;
  const bundles = new Map<number, Bundle & { seen: Set<number> }>();
  for (let edge = 0; edge < graph.source.length; edge++) {
    const from = shownAs[graph.source[edge]];
    const to = shownAs[graph.target[edge]];
    if (from === to || from < 0 || to < 0) continue;
    if (isWithin(tree, from, to) || isWithin(tree, to, from)) continue;
    const key = from * tree.count + to;
    const tensor = graph.edgeTensor[edge];
    let known = bundles.get(key);
    if (!known) {
      known = { from, to, edges: 0, tensors: 0, tensor, elements: 0, control: true, seen: new Set() };
      bundles.set(key, known);
    }
    known.edges++;
    if (tensor === CONTROL) continue;
    if (known.control) known.tensor = tensor;
    known.control = false;
    if (known.tensor !== tensor) known.tensor = -1;
    known.elements = Math.max(known.elements, elementsOf(graph.tensors[tensor]));
    known.seen.add(graph.source[edge] * 64 + Math.min(graph.slot[edge], 63));
    known.tensors = known.seen.size;
  }
  return [...bundles.values()];
}

/** An open box and something in it: the edge from the one to the other would be drawn over the box. */
function isWithin(tree: Tree, item: number, box: number): boolean {
  for (let at = tree.parent[item]; at >= 0; at = tree.parent[at]) if (at === box) return true;
  return false;
}

/** Opens scopes level by level while the whole stays a screenful; a series only where there is nothing else. */
export function firstExpanded(tree: Tree, screenful = 28): Set<number> {
  const expanded = new Set<number>();
  let level = shownChildren(tree, NONE);
  let count = level.length;
  for (;;) {
    const isLone = level.length <= 4;
    const scopes = level.filter(
      (item) => (isLone || !tree.groups.has(item)) && canExpand(tree, item) && isWorthIt(tree, item),
    );
    const inside = scopes.flatMap((item) => shownChildren(tree, item));
    const isTooMuch = count + inside.length > screenful && !(isLone && count <= 12);
    if (inside.length === 0 || inside.length > MOST_AT_FIRST || isTooMuch) return expanded;
    for (const item of scopes) expanded.add(item);
    count += inside.length;
    level = inside;
  }
}

/** A module of one operation, `Linear` with its `linear`, says more when it is closed. */
function isWorthIt(tree: Tree, item: number): boolean {
  const inside = shownChildren(tree, item);
  return inside.length > 1 || (inside.length === 1 && canExpand(tree, inside[0]));
}

/** The item and everything in it that can be opened, but no more boxes than `most`. */
export function allBeneath(tree: Tree, item: number, most: number): Set<number> {
  const found = new Set<number>();
  let level = item === NONE ? shownChildren(tree, NONE) : [item];
  let count = 0;
  while (level.length > 0) {
    const next: number[] = [];
    for (const open of level) {
      if (!canExpand(tree, open)) continue;
      const children = shownChildren(tree, open);
      count += children.length;
      if (count > most) return found;
      found.add(open);
      next.push(...children);
    }
    level = next;
  }
  return found;
}
