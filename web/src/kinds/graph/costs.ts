// A profile's times and sizes, summed up for the scopes.
import type { Part } from '../../api/ask';
import type { Column } from '../../api/payload';
import type { Costs } from './colours';
import type { Tree } from './tree';

interface ProfileHeader {
  devices: string[];
  time: number;
  memory: number;
  device: number;
}

export function decodeProfile({ chart, columns }: Part): Costs {
  const header = chart as ProfileHeader;
  return { time: Float64Array.from(columns[header.time]), memory: Float64Array.from(columns[header.memory]) };
}

export function withTotals(tree: Tree, costs: Costs): Costs {
  return { time: summed(tree, costs.time), memory: summed(tree, costs.memory) };
}

function summed(tree: Tree, values: Column): Float64Array {
  const { graph } = tree;
  const sums = new Float64Array(tree.count).fill(NaN);
  const add = (to: number, value: number): void => {
    if (!Number.isNaN(value)) sums[to] = (Number.isNaN(sums[to]) ? 0 : sums[to]) + value;
  };
  for (let item = graph.count - 1; item >= 0; item--) {
    add(item, values[item]);
    if (graph.parent[item] >= 0) add(graph.parent[item], sums[item]);
  }
  for (const [group, { members }] of tree.groups) for (const member of members) add(group, sums[member]);
  return sums;
}
