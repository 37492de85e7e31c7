// The columns of the run table: what each is named by, and which of them a metric asks the server for.

export type Statistic = 'last' | 'min' | 'max' | 'mean' | 'at';
export const STATISTICS: readonly Statistic[] = ['last', 'min', 'max', 'mean', 'at'];

/** A number of each run's curve of a tag, or of the run `group` below it. */
export interface Metric {
  tag: string;
  group: string;
  statistic: Statistic;
  /** For `at`: the value as of this step. */
  step: number;
}

/** What every run has, whatever was logged. */
export const FACTS = ['state', 'start', 'duration', 'step', 'points', 'group'] as const;
export type Fact = (typeof FACTS)[number];

/** What is known of the circumstances of a run that recorded them. */
export const INFO = [
  'command',
  'commit',
  'branch',
  'dirty',
  'host',
  'gpus',
  'cpu',
  'python',
  'platform',
  'directory',
] as const;
export type InfoName = (typeof INFO)[number];

export const infoId = (name: string): string => `info:${name}`;

/** The circumstance that an id names; null for other columns. */
export function infoOf(id: string): InfoName | null {
  return INFO.find((name) => infoId(name) === id) ?? null;
}

export const hparamId = (name: string): string => `hparam:${name}`;

/** `last:loss`, `at 100:loss`, `min(validation):loss`. */
export function metricId({ tag, group, statistic, step }: Metric): string {
  const at = statistic === 'at' ? ` ${step}` : '';
  const below = group ? `(${encodeURIComponent(group).replaceAll(')', '%29')})` : '';
  return `${statistic}${at}${below}:${tag}`;
}

/** The metric that an id names; null for other columns, and for what is no id. */
export function metricOf(id: string): Metric | null {
  const found = /^(last|min|max|mean|at)(?: ([-+.\de]+))?(?:\(([^)]*)\))?:(.*)$/s.exec(id);
  if (!found) return null;
  const [, statistic, step, group, tag] = found;
  const at = Number(step ?? 0);
  if (!Number.isFinite(at) || (statistic === 'at') !== (step !== undefined)) return null;
  return { tag, group: decoded(group ?? ''), statistic: statistic as Statistic, step: at };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export const MOST_HPARAMS = 8;
export const MOST_METRICS = 4;

export interface Offer {
  /** Names of hyper-parameters, with whether runs differ in them. */
  hparams: readonly { name: string; differs: boolean }[];
  /** Metrics that the logs themselves name as such. */
  named: readonly { group: string; tag: string }[];
  /** Tags of curves. */
  tags: readonly string[];
}

/** The columns that a table starts with: a few of each sort; of hyper-parameters those that tell runs apart, if any do. */
export function defaultColumns({ hparams, named, tags }: Offer): string[] {
  const telling = hparams.filter(({ differs }) => differs);
  const told = telling.length > 0 ? telling : hparams;
  const metrics = named.length > 0 ? named : tags.map((tag) => ({ group: '', tag }));
  return [
    'state',
    ...told.slice(0, MOST_HPARAMS).map(({ name }) => hparamId(name)),
    ...metrics
      .slice(0, MOST_METRICS)
      .map(({ group, tag }) => metricId({ tag, group, statistic: 'last', step: 0 })),
    'step',
    'duration',
    'start',
  ];
}
