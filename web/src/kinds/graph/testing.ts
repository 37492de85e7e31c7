// Graphs for tests, from names, operations and inputs.
import { CONTROL, type Graph, type Tensor } from './data';
import { buildTree, type Tree, type TreeOptions } from './tree';

export interface NodeMade {
  name: string;
  op?: string;
  /** Names of other nodes; `^name` for an edge that carries nothing. */
  inputs?: string[];
  sizes?: number[];
  role?: string;
  parameters?: number;
  flops?: number;
  digest?: number;
  /** The scope of a function. */
  calls?: string;
}

const ROLES = ['', 'module', 'operation', 'parameter', 'buffer', 'input', 'output', 'function', 'missing'];

export function graphOf(nodes: readonly NodeMade[]): Graph {
  const items = new Map<string, number>();
  const segments: string[] = [];
  const parent: number[] = [];
  const made: (NodeMade | null)[] = [];
  const add = (path: string, node: NodeMade | null): number => {
    const known = items.get(path);
    if (known !== undefined) {
      if (node) made[known] = node;
      return known;
    }
    const cut = path.lastIndexOf('/');
    const above = cut < 0 ? -1 : add(path.slice(0, cut), null);
    items.set(path, segments.length);
    segments.push(path.slice(cut + 1));
    parent.push(above);
    made.push(node);
    return segments.length - 1;
  };
  for (const node of nodes) add(node.name, node);
  const ops = [...new Set(nodes.map(({ op = 'Op' }) => op))];
  const tensors: Tensor[] = [];
  const tensor = made.map((node) => {
    if (!node?.sizes) return -1;
    tensors.push({ dtype: 'float32', sizes: node.sizes });
    return tensors.length - 1;
  });
  const edges = nodes.flatMap(({ name, inputs = [] }) =>
    inputs.map((input) => {
      const source = items.get(input.replace('^', '')) ?? -1;
      const control = input.startsWith('^');
      return { source, target: items.get(name) ?? -1, tensor: control ? CONTROL : tensor[source] };
    }),
  );
  const calls = nodes.filter((node) => node.calls);
  const numbers = (value: (node: NodeMade) => number, none: number): Float64Array =>
    Float64Array.from(made, (node) => (node ? value(node) : none));
  return {
    count: segments.length,
    segments,
    roles: ROLES,
    ops,
    devices: [],
    classes: [],
    tensors,
    troubles: [],
    parent: Int32Array.from(parent),
    node: numbers((node) => nodes.indexOf(node), -1),
    role: numbers(({ role = '' }) => ROLES.indexOf(role), 0),
    op: numbers(({ op = 'Op' }) => ops.indexOf(op), -1),
    device: numbers(() => -1, -1),
    class: numbers(() => -1, -1),
    tensor: Int32Array.from(tensor),
    parameters: numbers(({ parameters = NaN }) => parameters, NaN),
    flops: numbers(({ flops = NaN }) => flops, NaN),
    digest: numbers(({ digest = 0 }) => digest, 0),
    source: Int32Array.from(edges, ({ source }) => source),
    target: Int32Array.from(edges, ({ target }) => target),
    slot: Int32Array.from(edges, () => 0),
    edgeTensor: Int32Array.from(edges, (edge) => edge.tensor),
    caller: Int32Array.from(calls, ({ name }) => items.get(name) ?? -1),
    callee: Int32Array.from(calls, (node) => items.get(node.calls ?? '') ?? -1),
  };
}

export function treeOf(nodes: readonly NodeMade[], options: Partial<TreeOptions> = {}): Tree {
  return buildTree(graphOf(nodes), { fold: true, showAside: false, chosen: new Map(), ...options });
}

/** Blocks `h/0` … of a norm and a product, one after the other, between `x` and `y`. */
export function blocks(count: number, stem = 'net/h/'): NodeMade[] {
  const nodes: NodeMade[] = [{ name: 'x', op: 'IO Node', role: 'input', sizes: [2, 8] }];
  for (let i = 0; i < count; i++) {
    const before = i === 0 ? 'x' : `${stem}${i - 1}/mul`;
    nodes.push(
      { name: `${stem}${i}/w`, op: 'Const', parameters: 64 },
      { name: `${stem}${i}/norm`, op: 'Norm', inputs: [before], sizes: [2, 8] },
      {
        name: `${stem}${i}/mul`,
        op: 'MatMul',
        inputs: [`${stem}${i}/norm`, `${stem}${i}/w`],
        sizes: [2, 8],
        flops: 10,
      },
    );
  }
  return [...nodes, { name: 'y', op: 'IO Node', role: 'output', inputs: [`${stem}${count - 1}/mul`] }];
}

export function itemOf(tree: Tree, path: string): number {
  const { graph } = tree;
  let item = -1;
  for (const segment of path.split('/')) {
    const above = item;
    item = graph.segments.findIndex((name, at) => name === segment && graph.parent[at] === above);
    if (item < 0) throw new Error(`no item ${path}`);
  }
  return item;
}
