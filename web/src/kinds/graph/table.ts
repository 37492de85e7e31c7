// The model's summary: a row for each layer, sorted as one likes, and as a file.
import { csvOf } from '../../ui/csv';
import { nameOf, opOf, pathOf, roleOf, shortOp, sizesText } from './data';
import { typeOf } from './colours';
import { NONE, shownChildren, type Tree } from './tree';

export interface Row {
  item: number;
  depth: number;
  name: string;
  path: string;
  kind: string;
  shape: string;
  /** With all that is in it; NaN where nothing is known. */
  parameters: number;
  flops: number;
  time: number;
  memory: number;
}

export type ColumnName = 'name' | 'kind' | 'shape' | 'parameters' | 'flops' | 'time' | 'memory';

export interface Sorting {
  column: ColumnName;
  descending: boolean;
}

interface Extra {
  time: Float64Array;
  memory: Float64Array;
}

/** Modules where the writer named them; else all scopes, and the nodes that lie in none. */
export function rowsOf(tree: Tree, costs: Extra | null): Row[] {
  const { graph } = tree;
  const hasModules = graph.roles.includes('module') && hasRole(tree, 'module');
  const rows: Row[] = [];
  const visit = (item: number, depth: number): void => {
    const isGroup = tree.groups.has(item);
    const isLayer = hasModules ? roleOf(graph, item) === 'module' : isScopeOrLayer(tree, item);
    if (!isGroup && isLayer) rows.push(rowOf(tree, item, depth, costs));
    const inner = depth + (isLayer && !isGroup ? 1 : 0);
    for (const child of shownChildren(tree, item)) visit(child, inner);
  };
  for (const item of shownChildren(tree, NONE)) visit(item, 0);
  return rows;
}

function hasRole(tree: Tree, role: string): boolean {
  for (let item = 0; item < tree.graph.count; item++) if (roleOf(tree.graph, item) === role) return true;
  return false;
}

function isScopeOrLayer(tree: Tree, item: number): boolean {
  const { graph } = tree;
  const isLeaf = tree.starts[item + 2] === tree.starts[item + 1];
  if (!isLeaf) return shownChildren(tree, item).length > 0;
  // Operations of torch lie in modules, which are told; layers of Keras and nodes of ONNX are leaves.
  return !opOf(graph, item).includes('::') && opOf(graph, item) !== 'IO Node' && graph.node[item] >= 0;
}

function rowOf(tree: Tree, item: number, depth: number, costs: Extra | null): Row {
  const { graph } = tree;
  return {
    item,
    depth,
    name: (tree.prefix.get(item) ?? '') + nameOf(graph, item),
    path: pathOf(graph, item),
    kind: typeOf(tree, item) || shortOp(opOf(graph, item)),
    shape: sizesText(graph.tensors[outputOf(tree, item)]),
    parameters: tree.parameters[item],
    flops: tree.flops[item],
    time: costs?.time[item] ?? NaN,
    memory: costs?.memory[item] ?? NaN,
  };
}

/** The tensor that a scope gives: what it says itself, or that of the last of its nodes whose tensor leaves it. */
function outputOf(tree: Tree, item: number): number {
  const { graph } = tree;
  if (graph.tensor[item] >= 0) return graph.tensor[item];
  const children = shownChildren(tree, item);
  for (const child of children.reverse()) {
    const tensor = outputOf(tree, lastOf(tree, child));
    if (tensor >= 0) return tensor;
  }
  return -1;
}

function lastOf(tree: Tree, item: number): number {
  const last = tree.groups.get(item)?.members.at(-1);
  return last === undefined ? item : lastOf(tree, last);
}

/** The order of the model for null; a column that is not known comes last either way. */
export function sorted(rows: readonly Row[], sorting: Sorting | null): Row[] {
  if (!sorting) return [...rows];
  const { column, descending } = sorting;
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [a[column], b[column]];
    if (typeof x === 'string' || typeof y === 'string') {
      return sign * String(x).localeCompare(String(y), undefined, { numeric: true });
    }
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    return sign * (x - y);
  });
}

export interface Column {
  name: ColumnName;
  title: string;
}

const cell = (row: Row, column: ColumnName): string => {
  if (column === 'name') return row.path;
  const value = row[column];
  return typeof value === 'number' && Number.isNaN(value) ? '' : String(value);
};

/** With the full names. */
export function toCsv(rows: readonly Row[], columns: readonly Column[]): string {
  const lines = rows.map((row) => columns.map(({ name }) => cell(row, name)));
  return csvOf([columns.map(({ title }) => title), ...lines]);
}

export function toMarkdown(rows: readonly Row[], columns: readonly Column[]): string {
  const plain = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const isNumber = ({ name }: Column): boolean => !['name', 'kind', 'shape'].includes(name);
  return [
    line(columns.map(({ title }) => plain(title))),
    line(columns.map((column) => (isNumber(column) ? '---:' : '---'))),
    ...rows.map((row) => line(columns.map(({ name }) => plain(cell(row, name))))),
    '',
  ].join('\n');
}
