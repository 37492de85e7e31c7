// Reads the answer to `hparams/table`: rows are runs, columns hold a cell or nothing for each (docs/kinds/hparams.md).
import type { Part } from '../../api/ask';
import type { Column as Numbers } from '../../api/payload';
import { FACTS, hparamId, infoId, metricId, type Fact, type Metric } from './columns';

/** Undefined is no cell; NaN is a value that was logged. */
export type Cell = number | string | boolean | undefined;

/** How cells are written and compared; `mixed` holds several types. */
export type CellType = 'number' | 'text' | 'boolean' | 'mixed' | 'state' | 'time' | 'duration' | 'count';

export const STATES = ['live', 'stalled', 'finished', 'failed'] as const;

export interface Column {
  id: string;
  sort: 'fact' | 'info' | 'hparam' | 'metric';
  type: CellType;
  cells: readonly Cell[];
  /** The name that the logs give it instead of its own, and what they say of it. */
  displayName: string;
  description: string;
  metric: Metric | null;
  /** Whether two runs that have a cell have different ones. */
  differs: boolean;
}

export interface Named {
  group: string;
  tag: string;
  display_name: string;
  description: string;
}

export interface Table {
  runs: readonly string[];
  /** Runs that are part of a row: ticked and hidden along with it. */
  parts: ReadonlyMap<string, string>;
  columns: ReadonlyMap<string, Column>;
  tags: readonly string[];
  named: readonly Named[];
  /** Whether any run recorded its circumstances. */
  hasInfo: boolean;
}

interface CellsHeader {
  numbers: number;
  others: (string | boolean)[];
  codes: number;
}

type HparamHeader = CellsHeader & { name: string; display_name: string; description: string };
type MetricHeader = Metric & { rows: number; values: number; steps: number };

interface TableHeader extends Record<'start' | 'end' | 'state' | 'step' | 'points', number> {
  runs: string[];
  parts: Record<string, string>;
  tags: string[];
  group: CellsHeader;
  hparams: HparamHeader[];
  named: Named[];
  has_info: boolean;
  info: (CellsHeader & { name: string })[];
  metrics: MetricHeader[];
}

export function readTable({ chart, columns }: Part): Table {
  const header = chart as TableHeader;
  const read = [
    ...FACTS.map((fact) => factColumn(fact, header, columns)),
    ...header.hparams.map((hparam) =>
      column(hparamId(hparam.name), 'hparam', cellsOf(hparam, columns), {
        displayName: hparam.display_name,
        description: hparam.description,
      }),
    ),
    ...header.info.map((info) => column(infoId(info.name), 'info', cellsOf(info, columns))),
    ...header.metrics.map((metric) => metricColumn(metric, header, columns)),
  ];
  return {
    runs: header.runs,
    parts: new Map(Object.entries(header.parts)),
    columns: new Map(read.map((one) => [one.id, one])),
    tags: header.tags,
    named: header.named,
    hasInfo: header.has_info,
  };
}

function column(
  id: string,
  sort: Column['sort'],
  cells: Cell[],
  more: Partial<Column> & { type?: CellType } = {},
): Column {
  const type = more.type ?? typeOf(cells);
  const differs = new Set(cells.filter((cell) => cell !== undefined)).size > 1;
  return { id, sort, cells, displayName: '', description: '', metric: null, ...more, type, differs };
}

function cellsOf({ numbers, others, codes }: CellsHeader, columns: Numbers[]): Cell[] {
  const known: Cell[] = [...columns[numbers], ...others];
  return Array.from(columns[codes], (code) => known[code]);
}

function metricColumn(header: MetricHeader, { runs, named }: TableHeader, columns: Numbers[]): Column {
  const { tag, group, statistic, step } = header;
  const cells = new Array<Cell>(runs.length).fill(undefined);
  const values = columns[header.values];
  columns[header.rows].forEach((row, i) => (cells[row] = values[i]));
  const info = named.find((one) => one.tag === tag && one.group === group);
  return column(metricId(header), 'metric', cells, {
    type: 'number',
    metric: { tag, group, statistic, step },
    displayName: info?.display_name ?? '',
    description: info?.description ?? '',
  });
}

const FACT_TYPES: Record<Fact, CellType> = {
  state: 'state',
  start: 'time',
  duration: 'duration',
  step: 'count',
  points: 'count',
  group: 'text',
};

function factColumn(fact: Fact, header: TableHeader, columns: Numbers[]): Column {
  const numbers = (name: 'start' | 'end' | 'state' | 'step' | 'points'): Cell[] =>
    Array.from(columns[header[name]], (value) => (Number.isNaN(value) ? undefined : value));
  const cells = (): Cell[] => {
    if (fact === 'group') return cellsOf(header.group, columns);
    if (fact === 'state') return numbers('state').map((code) => STATES[Number(code)]);
    if (fact !== 'duration') return numbers(fact);
    const start = numbers('start');
    return numbers('end').map((end, row) => {
      const begin = start[row];
      return typeof end === 'number' && typeof begin === 'number' ? Math.max(0, end - begin) : undefined;
    });
  };
  return column(fact, 'fact', cells(), { type: FACT_TYPES[fact] });
}

function typeOf(cells: readonly Cell[]): CellType {
  const types = new Set(cells.filter((cell) => cell !== undefined).map((cell) => typeof cell));
  if (types.size > 1) return 'mixed';
  if (types.has('number')) return 'number';
  return types.has('boolean') ? 'boolean' : 'text';
}

/** Whether cells are numbers, to be set right and to be filtered by a range. */
export function isNumeric(type: CellType): boolean {
  return type === 'number' || type === 'time' || type === 'duration' || type === 'count';
}
