// Two graphs as one: all items of both by their full names, and what became of each.
import type { Column } from '../../api/payload';
import type { Change } from './colours';
import { nameOf, opOf, tensorText, type Graph, type Tensor } from './data';

export interface Difference {
  merged: Graph;
  changeOf: (item: number) => Change;
}

/** From `before` to `after`. Node numbers are those of `after`, and -1 for what only `before` has. */
export function difference(before: Graph, after: Graph): Difference {
  const build = new Merger(before, after);
  const changes = build.changes;
  // A scope is changed when anything in it is other than the same.
  const merged = build.finish();
  for (let item = merged.count - 1; item >= 0; item--) {
    const above = merged.parent[item];
    if (above >= 0 && changes[item] !== 'same' && changes[above] === 'same') changes[above] = 'changed';
  }
  return { merged, changeOf: (item) => changes[item] ?? 'same' };
}

const NUMBERS = ['node', 'role', 'op', 'device', 'class', 'tensor', 'parameters', 'flops'] as const;

class Merger {
  readonly changes: Change[] = [];
  private readonly segments: string[] = [];
  private readonly parent: number[] = [];
  private readonly byKey = new Map<string, number>();
  private readonly columns = Object.fromEntries(
    NUMBERS.map((name): [string, number[]] => [name, []]),
  ) as Record<(typeof NUMBERS)[number], number[]>;
  private readonly tables = {
    // The first role is that of mere scopes.
    role: new Names(['']),
    op: new Names(),
    device: new Names(),
    class: new Names(),
    tensor: new Names(),
  };
  private readonly tensors: Tensor[] = [];
  private readonly edges = new Map<string, [number, number, number, number]>();
  private readonly calls = new Map<string, [number, number]>();

  constructor(before: Graph, after: Graph) {
    const ofAfter = this.add(after, 'added');
    const ofBefore = this.add(before, 'removed');
    this.connect(after, ofAfter);
    this.connect(before, ofBefore);
    this.compare(before, ofBefore, after, ofAfter);
  }

  finish(): Graph {
    const edges = [...this.edges.values()];
    const calls = [...this.calls.values()];
    const column = (at: number): Column => Int32Array.from(edges, (edge) => edge[at]);
    const numbers = (name: (typeof NUMBERS)[number]): Column => Float64Array.from(this.columns[name]);
    return {
      count: this.segments.length,
      segments: this.segments,
      roles: this.tables.role.list,
      ops: this.tables.op.list,
      devices: this.tables.device.list,
      classes: this.tables.class.list,
      tensors: this.tensors,
      troubles: [],
      parent: Int32Array.from(this.parent),
      node: numbers('node'),
      role: numbers('role'),
      op: numbers('op'),
      device: numbers('device'),
      class: numbers('class'),
      tensor: numbers('tensor'),
      parameters: numbers('parameters'),
      flops: numbers('flops'),
      digest: new Int32Array(this.segments.length),
      source: column(0),
      target: column(1),
      slot: column(2),
      edgeTensor: column(3),
      caller: Int32Array.from(calls, ([caller]) => caller),
      callee: Int32Array.from(calls, ([, callee]) => callee),
    };
  }

  /** Parents stand before their children in both, and so they do here. */
  private add(graph: Graph, change: Change): Int32Array {
    const items = new Int32Array(graph.count);
    const seen = new Map<string, number>();
    const main = mainScope(graph);
    for (let item = 0; item < graph.count; item++) {
      const above = graph.parent[item] < 0 ? -1 : items[graph.parent[item]];
      // The model itself often has the name of its class, which is another in another version.
      const base = item === main ? 'main' : `${above}/${nameOf(graph, item)}`;
      // Of equal names the first means the first of the other graph.
      const twin = seen.get(base) ?? 0;
      seen.set(base, twin + 1);
      const key = `${base}#${twin}`;
      const known = this.byKey.get(key);
      items[item] = known ?? this.append(graph, item, above, change);
      if (known === undefined) this.byKey.set(key, items[item]);
    }
    return items;
  }

  private append(graph: Graph, item: number, above: number, change: Change): number {
    this.segments.push(graph.segments[item]);
    this.parent.push(above);
    this.changes.push(change);
    // Only of the graph that is looked at can more be asked.
    this.columns.node.push(change === 'added' || graph.node[item] < 0 ? graph.node[item] : REMOVED);
    this.columns.role.push(this.tables.role.number(graph.roles[graph.role[item]]));
    this.columns.op.push(this.tables.op.number(graph.ops[graph.op[item]]));
    this.columns.device.push(this.tables.device.number(graph.devices[graph.device[item]]));
    this.columns.class.push(this.tables.class.number(graph.classes[graph.class[item]]));
    this.columns.tensor.push(this.tensor(graph.tensors[graph.tensor[item]]));
    this.columns.parameters.push(graph.parameters[item]);
    this.columns.flops.push(graph.flops[item]);
    return this.segments.length - 1;
  }

  private tensor(tensor: Tensor | undefined): number {
    if (!tensor) return -1;
    const number = this.tables.tensor.number(JSON.stringify([tensor.dtype, tensor.sizes]));
    this.tensors[number] ??= tensor;
    return number;
  }

  private connect(graph: Graph, items: Int32Array): void {
    for (let edge = 0; edge < graph.source.length; edge++) {
      const [source, target] = [items[graph.source[edge]], items[graph.target[edge]]];
      const slot = graph.slot[edge];
      const told = graph.edgeTensor[edge];
      const tensor = told < 0 ? told : this.tensor(graph.tensors[told]);
      const key = `${source} ${target} ${slot}`;
      if (!this.edges.has(key)) this.edges.set(key, [source, target, slot, tensor]);
    }
    graph.caller.forEach((caller: number, at: number) => {
      const call: [number, number] = [items[caller], items[graph.callee[at]]];
      this.calls.set(call.join(' '), call);
    });
  }

  private compare(before: Graph, ofBefore: Int32Array, after: Graph, ofAfter: Int32Array): void {
    const told = new Map<number, string>();
    const inputsBefore = inputsOf(before, ofBefore);
    const inputsAfter = inputsOf(after, ofAfter);
    ofBefore.forEach((merged, item) => told.set(merged, tell(before, item, inputsBefore)));
    ofAfter.forEach((merged, item) => {
      const old = told.get(merged);
      if (old === undefined) return;
      this.changes[merged] = old === tell(after, item, inputsAfter) ? 'same' : 'changed';
    });
  }
}

/** The outermost scope that holds more than half of the nodes; -1 for none. */
function mainScope(graph: Graph): number {
  const nodes = new Int32Array(graph.count);
  let [main, all] = [-1, 0];
  for (let item = graph.count - 1; item >= 0; item--) {
    nodes[item] += graph.node[item] >= 0 ? 1 : 0;
    if (graph.parent[item] >= 0) nodes[graph.parent[item]] += nodes[item];
    else all += nodes[item];
  }
  for (let item = 0; item < graph.count; item++) {
    if (graph.parent[item] < 0 && nodes[item] > 1 && 2 * nodes[item] > all) main = item;
  }
  return main;
}

/** The number of a node that only the other graph has. */
export const REMOVED = 2 ** 31 - 1;

/** All by which an item is compared: its operation, attributes, tensors and inputs. */
function tell(graph: Graph, item: number, inputs: ReadonlyMap<number, string>): string {
  const tensor = tensorText(graph.tensors[graph.tensor[item]]);
  const device = graph.devices[graph.device[item]] ?? '';
  return [opOf(graph, item), device, tensor, graph.digest[item], inputs.get(item) ?? ''].join('\n');
}

function inputsOf(graph: Graph, items: Int32Array): Map<number, string> {
  const inputs = new Map<number, string>();
  for (let edge = 0; edge < graph.source.length; edge++) {
    const target = graph.target[edge];
    const input = `${items[graph.source[edge]]}:${graph.slot[edge]}`;
    inputs.set(target, `${inputs.get(target) ?? ''} ${input}`);
  }
  return inputs;
}

class Names {
  readonly list: string[];
  private readonly numbers: Map<string, number>;

  constructor(first: readonly string[] = []) {
    this.list = [...first];
    this.numbers = new Map(first.map((name, i) => [name, i]));
  }

  number(name: string | undefined): number {
    if (name === undefined) return -1;
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    this.numbers.set(name, this.list.length);
    return this.list.push(name) - 1;
  }
}
