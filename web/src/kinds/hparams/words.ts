// How columns and cells are called and written in the user's language.
import { formatDuration, formatStep, formatValue, formatWallTime } from '../../charts/format';
import { locale, t, type Key } from '../../i18n';
import { infoOf, metricOf, type Fact, type InfoName } from './columns';
import type { Cell, CellType, Column } from './data';

const FACT_NAMES: Record<Fact, Key> = {
  state: 'tableState',
  start: 'tableStart',
  duration: 'tableDuration',
  step: 'tableStep',
  points: 'tablePoints',
  group: 'tableGroup',
};

const INFO_NAMES: Record<InfoName, Key> = {
  command: 'infoCommand',
  commit: 'infoCommit',
  branch: 'infoBranch',
  dirty: 'infoDirty',
  host: 'infoHost',
  gpus: 'infoGpus',
  cpu: 'infoCpu',
  python: 'infoPython',
  platform: 'infoPlatform',
  directory: 'infoDirectory',
};

const STATE_NAMES: Record<string, Key> = {
  live: 'stateLive',
  stalled: 'stateStalled',
  finished: 'stateFinished',
  failed: 'stateFailed',
};

/** What a column is called, whether or not its cells are known yet. */
export function titleOf(id: string, column?: Column): string {
  if (id === 'name') return t('tooltipRun');
  const fact = FACT_NAMES[id as Fact] as Key | undefined;
  if (fact) return t(fact);
  const info = infoOf(id);
  if (info) return t(INFO_NAMES[info]);
  if (column?.displayName) return column.displayName;
  const metric = metricOf(id);
  if (!metric) return id.slice(id.indexOf(':') + 1);
  return metric.group ? `${metric.group}/${metric.tag}` : metric.tag;
}

/** What a column says of a metric beside its name: the statistic. */
export function statisticOf(id: string): string {
  const metric = metricOf(id);
  if (!metric) return '';
  const names: Record<typeof metric.statistic, string> = {
    last: t('statisticLast'),
    min: t('statisticMin'),
    max: t('statisticMax'),
    mean: t('statisticMean'),
    at: t('statisticAt', { step: formatStep(metric.step, locale()) }),
  };
  return names[metric.statistic];
}

/** A cell for reading, a number with so many significant digits. */
export function cellText(type: CellType, cell: Cell, digits = 6): string {
  if (cell === undefined) return '';
  if (typeof cell === 'boolean') return t(cell ? 'yes' : 'no');
  if (typeof cell === 'string') return type === 'state' ? t(STATE_NAMES[cell] ?? 'stateLive') : cell;
  if (type === 'time') return formatWallTime(cell, locale());
  if (type === 'duration') return formatDuration(cell);
  return type === 'count' ? formatStep(cell, locale()) : formatValue(cell, digits);
}

/** A cell for other programs: all digits, times as ISO 8601, durations in seconds. */
export function exactText(type: CellType, cell: Cell): string {
  if (cell === undefined) return '';
  if (type === 'time' && typeof cell === 'number') {
    const moment = new Date(cell * 1000);
    return Number.isNaN(moment.getTime()) ? String(cell) : moment.toISOString();
  }
  return String(cell);
}
