// Which items are set aside: what every graph has in masses and nobody opens a graph to see.
import type { Column } from '../../api/payload';
import { CONTROL, roleOf, type Graph } from './data';

/** Why an item is set aside; the position is the number in `Tree.aside`. */
export const ASIDE = [
  '',
  'constant',
  'parameter',
  'initialiser',
  'summary',
  'shape',
  'unused',
  'function',
  'chosen',
] as const;
export type Aside = (typeof ASIDE)[number];

const number = (reason: Aside): number => ASIDE.indexOf(reason);

const OPS: readonly [Aside, RegExp][] = [
  ['constant', /^(Const|HostConst|prim::Constant|Constant|ConstantOfShape)$/],
  [
    'parameter',
    /^(prim::GetAttr|Parameter|Buffer|Initializer|Variable|VariableV2|VarHandleOp|ReadVariableOp|AutoReloadVariable)$/,
  ],
  [
    'initialiser',
    /^(Assign|AssignVariableOp|VarIsInitializedOp|SaveV2|RestoreV2|ShardedFilename|MergeV2Checkpoints)$/,
  ],
  ['summary', /^(Write)?\w*Summary(V2)?$|^SummaryWriter$|^CreateSummaryFileWriter$/],
  ['shape', /^(aten::size|Shape|aten::dim)$/],
];
/** Set aside when all that they work on is: lists of constants, products of sizes. */
const PLUMBING =
  /^(prim::(ListConstruct|TupleConstruct|NumToTensor|GetAttr)|aten::(Int|ScalarImplicit|floor_divide|mul|add|sub|div|rsub)|Identity|Cast|Pack|StridedSlice|NoOp)$/;
const INITIALISERS = /^(Initializer|init|save|report_uninitialized_variables)(_\d+)?$/;

/** Of each item why it is set aside; `chosen` overrules it (true: set aside, false: shown). */
export function setAside(graph: Graph, chosen: ReadonlyMap<number, boolean>): Uint8Array {
  const aside = new Uint8Array(graph.count);
  const ofOp = graph.ops.map((op) => number(OPS.find(([, pattern]) => pattern.test(op))?.[0] ?? ''));
  const isPlumbing = graph.ops.map((op) => PLUMBING.test(op));
  for (let item = 0; item < graph.count; item++) {
    const above = graph.parent[item];
    if (above >= 0 && aside[above] > 0) aside[item] = aside[above];
    else if (isInitialiser(graph, item)) aside[item] = number('initialiser');
    else if (graph.op[item] >= 0) aside[item] = ofOp[graph.op[item]];
    const role = roleOf(graph, item);
    if (role === 'parameter' || role === 'buffer') aside[item] = number('parameter');
    if (role === 'function') aside[item] = number('function');
    const wish = chosen.get(item);
    if (wish !== undefined) aside[item] = wish ? number('chosen') : 0;
  }
  spread(graph, aside, isPlumbing, chosen);
  setAsideScopes(graph, aside, chosen);
  return aside;
}

function isInitialiser(graph: Graph, item: number): boolean {
  return graph.node[item] < 0 && INITIALISERS.test(graph.segments[item]);
}

/** Lists of lists of constants: each turn looks one step further, and nobody nests them deeply. */
function spread(
  graph: Graph,
  aside: Uint8Array,
  isPlumbing: boolean[],
  chosen: ReadonlyMap<number, boolean>,
): void {
  for (let turn = 0; turn < 6; turn++) {
    const works = new Uint8Array(graph.count); // 1: only on what is aside, 2: on something shown
    for (let edge = 0; edge < graph.source.length; edge++) {
      if (graph.edgeTensor[edge] === CONTROL) continue;
      const shown = aside[graph.source[edge]] === 0;
      works[graph.target[edge]] = Math.max(works[graph.target[edge]], shown ? 2 : 1);
    }
    let changed = false;
    for (let item = 0; item < graph.count; item++) {
      const op = graph.op[item];
      if (op < 0 || !isPlumbing[op] || aside[item] > 0 || works[item] !== 1 || chosen.has(item)) continue;
      aside[item] = number('constant');
      changed = true;
    }
    if (!changed) return;
  }
}

/** A scope goes aside with all that is in it; a module only if no edge ends at it, as it then never ran. */
function setAsideScopes(graph: Graph, aside: Uint8Array, chosen: ReadonlyMap<number, boolean>): void {
  const shownInside = new Uint8Array(graph.count);
  const touched = new Uint8Array(graph.count);
  const touch = (ends: Column): void => ends.forEach((end: number) => (touched[end] = 1));
  touch(graph.source);
  touch(graph.target);
  for (let item = graph.count - 1; item >= 0; item--) {
    const isScope = graph.node[item] < 0 && roleOf(graph, item) !== 'missing';
    const isModule = roleOf(graph, item) === 'module';
    const isEmpty = (isScope || isModule) && !shownInside[item] && !touched[item];
    if (aside[item] === 0 && isEmpty && chosen.get(item) !== false) aside[item] = number('unused');
    if (aside[item] === 0 && graph.parent[item] >= 0) shownInside[graph.parent[item]] = 1;
  }
}

/** How many nodes are set aside for each reason. */
export function countAside(graph: Graph, aside: Uint8Array): Map<Aside, number> {
  const counts = new Map<Aside, number>();
  for (let item = 0; item < graph.count; item++) {
    const reason = ASIDE[aside[item]];
    if (reason && graph.node[item] >= 0) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return counts;
}
