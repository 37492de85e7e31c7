// Which children of a scope are folded: numbered blocks that are built alike, and parts of what is too much at once.
import { nameOf, type Graph } from './data';
import type { Group } from './tree';

/** So many blocks that are alike are folded; operations need one more, as they are small. */
const FEWEST = 4;
/** More children than this of one scope would be no picture. */
const MOST_CHILDREN = 160;
const PART = 80;

interface Rows {
  starts: Int32Array;
  children: Int32Array;
}

interface Numbered {
  item: number;
  number: number;
}

export function findGroups(
  graph: Graph,
  { starts, children }: Rows,
  aside: Uint8Array,
  signature: Int32Array,
  fold: boolean,
): Group[] {
  const groups: Group[] = [];
  const inGroup = new Set<number>();
  for (let item = -1; item < graph.count; item++) {
    const from = starts[item + 1];
    const to = starts[item + 2];
    if (to - from < FEWEST) continue;
    const shown = [...children.subarray(from, to)].filter((child) => aside[child] === 0);
    const found = fold ? seriesOf(graph, nameAround(graph, item), shown, starts, signature) : [];
    for (const group of found) for (const member of group.members) inGroup.add(member);
    const left = shown.filter((child) => !inGroup.has(child));
    for (const group of found) {
      const { parts, top } = partsOf(group.members, graph.count + groups.length);
      groups.push(...parts, { ...group, members: top });
    }
    groups.push(...partsOf(left, graph.count + groups.length).parts);
  }
  return groups;
}

function nameAround(graph: Graph, item: number): string {
  return item >= 0 && item < graph.count ? nameOf(graph, item) : '';
}

/** Runs of numbers within children of equal stem and build. */
function seriesOf(
  graph: Graph,
  scope: string,
  shown: readonly number[],
  starts: Int32Array,
  signature: Int32Array,
): Group[] {
  const byKind = new Map<string, { stem: [string, string]; members: Numbered[] }>();
  for (const item of shown) {
    const match = /^(.*?)(\d{1,9})(\D*)$/s.exec(graph.segments[item]);
    if (!match) continue;
    const isLeaf = starts[item + 2] === starts[item + 1];
    // A leaf that is only a number is an operation of torch: the numbers mean nothing.
    if (isLeaf && (!match[1] || (graph.ops[graph.op[item]] ?? '').includes('::'))) continue;
    const key = `${match[1]}\n${match[3]}\n${signature[item]}\n${isLeaf}`;
    const kind = byKind.get(key) ?? { stem: [match[1], match[3]], members: [] };
    kind.members.push({ item, number: Number(match[2]) });
    byKind.set(key, kind);
  }
  return [...byKind.values()].flatMap(({ stem, members }) => {
    const isLeaf = starts[members[0].item + 2] === starts[members[0].item + 1];
    return runsOf(members)
      .filter((run) => run.length >= FEWEST + (isLeaf ? 1 : 0))
      .map((run) => series(stem, run, scope));
  });
}

function runsOf(members: Numbered[]): Numbered[][] {
  const sorted = [...members].sort((a, b) => a.number - b.number);
  const runs: Numbered[][] = [];
  for (const member of sorted) {
    const run = runs.at(-1);
    if (run && member.number - (run.at(-1)?.number ?? 0) <= 1) run.push(member);
    else runs.push([member]);
  }
  return runs;
}

function series([before, after]: [string, string], run: readonly Numbered[], scope: string): Group {
  const first = run[0].number;
  const last = run[run.length - 1].number;
  // `Block[0]` … `Block[11]`: the class stands below the title anyway. What is only numbers goes by its scope.
  const stem = after === ']' ? '' : before.replace(/[._-]$/, '') || scope;
  return {
    kind: 'series',
    title: `${stem} ${first}…${last}`.trim(),
    members: run.map(({ item }) => item),
    count: run.length,
  };
}

/** Cuts a flat mass of nodes, in the order of the file, which is nearly always that of computing. */
function partsOf(left: readonly number[], firstId: number): { parts: Group[]; top: number[] } {
  const parts: Group[] = [];
  let level = left.map((item, i) => ({ item, from: i + 1, to: i + 1 }));
  while (level.length > MOST_CHILDREN) {
    const next: typeof level = [];
    for (let at = 0; at < level.length; at += PART) {
      const inside = level.slice(at, at + PART);
      const [from, to] = [inside[0].from, inside[inside.length - 1].to];
      next.push({ item: firstId + parts.length, from, to });
      const members = inside.map(({ item }) => item);
      parts.push({ kind: 'part', title: `${from}…${to}`, members, count: to - from + 1 });
    }
    level = next;
  }
  return { parts, top: level.map(({ item }) => item) };
}
