// The answer of api/graph/graph as typed columns (docs/kinds/graph.md), and what can be said of one item.
import type { Part } from '../../api/ask';
import type { Column } from '../../api/payload';

/** What is known of a tensor: '' for an unknown dtype, -1 for an unknown size, null where even their number is. */
export interface Tensor {
  dtype: string;
  sizes: readonly number[] | null;
}

export interface Trouble {
  name: 'truncated' | 'missing_input' | 'duplicate_name' | 'cycle';
  count: number;
  examples: string[];
}

/** The items of a graph (scopes and nodes, parents before their children) and its edges, column by column. */
export interface Graph {
  count: number;
  segments: readonly string[];
  roles: readonly string[];
  ops: readonly string[];
  devices: readonly string[];
  classes: readonly string[];
  tensors: readonly Tensor[];
  troubles: readonly Trouble[];
  /** The item around an item; -1 for none. */
  parent: Column;
  /** The item's number in the file; -1 for a mere scope. */
  node: Column;
  role: Column;
  op: Column;
  device: Column;
  class: Column;
  /** The first tensor that the item gives. */
  tensor: Column;
  /** NaN where nothing is said of it. */
  parameters: Column;
  flops: Column;
  /** Equal for nodes with equal attributes. */
  digest: Column;
  source: Column;
  target: Column;
  /** The number of the source's output. */
  slot: Column;
  /** The edge's tensor; -1 for an unknown one, CONTROL for none. */
  edgeTensor: Column;
  /** Nodes that call a function of the library, and the scopes of these functions. */
  caller: Column;
  callee: Column;
}

export const CONTROL = -2;

type ColumnName =
  | 'parent'
  | 'node'
  | 'role'
  | 'op'
  | 'device'
  | 'class'
  | 'tensor'
  | 'parameters'
  | 'flops'
  | 'digest'
  | 'source'
  | 'target'
  | 'slot'
  | 'edge_tensor'
  | 'caller'
  | 'callee';

export interface GraphHeader extends Record<ColumnName, number> {
  segments: string[];
  roles: string[];
  ops: string[];
  devices: string[];
  classes: string[];
  tensors: [string, number[] | null][];
  troubles: Trouble[];
}

export function decodeGraph({ chart, columns }: Part): Graph {
  const header = chart as GraphHeader;
  const column = (name: ColumnName): Column => columns[header[name]];
  return {
    count: header.segments.length,
    segments: header.segments,
    roles: header.roles,
    ops: header.ops,
    devices: header.devices,
    classes: header.classes,
    tensors: header.tensors.map(([dtype, sizes]) => ({ dtype, sizes })),
    troubles: header.troubles,
    parent: column('parent'),
    node: column('node'),
    role: column('role'),
    op: column('op'),
    device: column('device'),
    class: column('class'),
    tensor: column('tensor'),
    parameters: column('parameters'),
    flops: column('flops'),
    digest: column('digest'),
    source: column('source'),
    target: column('target'),
    slot: column('slot'),
    edgeTensor: column('edge_tensor'),
    caller: column('caller'),
    callee: column('callee'),
  };
}

/** The full name, as it is in the file for a node. */
export function pathOf(graph: Graph, item: number): string {
  const parts: string[] = [];
  for (let at = item; at >= 0; at = graph.parent[at]) parts.push(graph.segments[at]);
  return parts.reverse().join('/');
}

export function opOf(graph: Graph, item: number): string {
  return graph.ops[graph.op[item]] ?? '';
}

export function roleOf(graph: Graph, item: number): string {
  return graph.roles[graph.role[item]] ?? '';
}

export function deviceOf(graph: Graph, item: number): string {
  return graph.devices[graph.device[item]] ?? '';
}

/** torch names a scope `Conv2d[conv1]`: the class of a module and the name of the instance. */
const CLASS_AND_NAME = /^([\w.]+)\[(.+)\]$/;

/** The name without its class. */
export function nameOf(graph: Graph, item: number): string {
  const segment = graph.segments[item];
  return CLASS_AND_NAME.exec(segment)?.[2] ?? segment;
}

/** The class of a module, without its package; '' for what has none. */
export function classOf(graph: Graph, item: number): string {
  const told = CLASS_AND_NAME.exec(graph.segments[item])?.[1];
  return told ?? (roleOf(graph, item) === 'module' ? opOf(graph, item) : '');
}

/** The operation without its namespace: `conv2d` of `aten::conv2d`. */
export function shortOp(op: string): string {
  return op.slice(op.lastIndexOf(':') + 1);
}

/** `8×3×224×224`; '' where nothing is known. */
export function sizesText(tensor: Tensor | undefined): string {
  if (!tensor?.sizes) return '';
  return tensor.sizes.map((size) => (size < 0 ? '?' : size)).join('×') || 'scalar';
}

export function tensorText(tensor: Tensor | undefined): string {
  return [tensor?.dtype, sizesText(tensor)].filter(Boolean).join(' ');
}

/** How many numbers a tensor holds, unknown sizes counted as one; 0 where nothing is known. */
export function elementsOf(tensor: Tensor | undefined): number {
  return tensor?.sizes?.reduce((product, size) => product * Math.max(1, size), 1) ?? 0;
}
