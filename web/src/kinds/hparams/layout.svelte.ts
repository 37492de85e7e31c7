// How the table is arranged: columns, widths, order, filters. The URL keeps it, as it keeps the rest of the view.
import { selection } from '../../state/selection.svelte';
import { SCALES, type Scale } from './axes';
import { AGGREGATES, type Aggregate } from './groups';
import { nextSort, type ColumnFilter, type Filters, type SortKey } from './rows';

/** Short names, as they travel in a link; what is missing is at its default. */
interface Arrangement {
  /** Ids of the columns in order; the default ones when missing. */
  columns?: string[];
  /** Ids of columns that stay while the others scroll. */
  pins?: string[];
  /** CSS pixels. */
  widths?: Record<string, number>;
  sorts?: SortKey[];
  filters?: Filters;
  /** Only the columns in which the shown runs differ. */
  differing?: boolean;
  /** The run to which others are compared. */
  baseline?: string;
  /** What rows are gathered by: a column's id, or `folder`. */
  group?: string;
  /** How a group's numbers become one. */
  aggregate?: Aggregate;
  /** Keys of the groups whose rows are hidden. */
  closed?: string[];
  /** What is shown instead of the table. */
  view?: ViewName;
  /** Scales of the axes that are not linear. */
  scales?: Record<string, Scale>;
  /** Id of the column by which lines are coloured, instead of by run. */
  colour?: string;
}

export const VIEWS = ['table', 'parallel', 'scatter', 'importance'] as const;
export type ViewName = (typeof VIEWS)[number];

export const NARROWEST = 48;
const WIDEST = 900;

class Layout {
  private readonly now: Arrangement = $derived(parse(selection.table));

  readonly columns = $derived(this.now.columns ?? null);
  readonly pins = $derived(this.now.pins ?? []);
  readonly widths = $derived(this.now.widths ?? {});
  readonly sorts = $derived(this.now.sorts ?? []);
  readonly filters = $derived(this.now.filters ?? {});
  readonly differing = $derived(this.now.differing ?? false);
  readonly baseline = $derived(this.now.baseline ?? null);
  readonly group = $derived(this.now.group ?? null);
  readonly aggregate: Aggregate = $derived(this.now.aggregate ?? 'mean');
  readonly closed = $derived(new Set(this.now.closed));
  readonly view: ViewName = $derived(this.now.view ?? 'table');
  readonly scales = $derived(this.now.scales ?? {});
  readonly colour = $derived(this.now.colour ?? null);

  show(columns: readonly string[] | null): void {
    this.change({ columns: columns ? [...columns] : undefined });
  }

  /** Moves a column before another; to the end for null. */
  move(shown: readonly string[], id: string, before: string | null): void {
    if (id === before) return;
    const rest = shown.filter((one) => one !== id);
    const at = before === null ? rest.length : rest.indexOf(before);
    if (at >= 0) this.show([...rest.slice(0, at), id, ...rest.slice(at)]);
  }

  pin(id: string, pinned: boolean): void {
    const rest = this.pins.filter((one) => one !== id);
    this.change({ pins: pinned ? [...rest, id] : rest });
  }

  resize(id: string, width: number): void {
    const bounded = Math.round(Math.min(Math.max(width, NARROWEST), WIDEST));
    this.change({ widths: { ...this.widths, [id]: bounded } });
  }

  sortBy(id: string, add: boolean): void {
    this.change({ sorts: nextSort(this.sorts, id, add) });
  }

  sort(sorts: readonly SortKey[]): void {
    this.change({ sorts: [...sorts] });
  }

  filter(id: string, filter: ColumnFilter | null): void {
    const { [id]: _, ...rest } = this.filters;
    this.change({ filters: filter ? { ...rest, [id]: filter } : rest });
  }

  onlyDiffering(differing: boolean): void {
    this.change({ differing });
  }

  compareTo(baseline: string | null): void {
    this.change({ baseline: baseline ?? undefined });
  }

  groupBy(group: string | null): void {
    this.change({ group: group ?? undefined, closed: undefined });
  }

  aggregateBy(aggregate: Aggregate): void {
    this.change({ aggregate: aggregate === 'mean' ? undefined : aggregate });
  }

  /** Hides the rows of a group, or shows them again. */
  fold(key: string, closed: boolean): void {
    const rest = [...this.closed].filter((one) => one !== key);
    this.change({ closed: closed ? [...rest, key] : rest });
  }

  look(view: ViewName): void {
    this.change({ view: view === 'table' ? undefined : view });
  }

  scale(id: string, scale: Scale): void {
    const { [id]: _, ...rest } = this.scales;
    this.change({ scales: scale === 'linear' ? rest : { ...rest, [id]: scale } });
  }

  colourBy(colour: string | null): void {
    this.change({ colour: colour ?? undefined });
  }

  private change(part: Arrangement): void {
    const next = Object.entries({ ...this.now, ...part }).filter(([, value]) => !isEmpty(value));
    selection.table = next.length > 0 ? JSON.stringify(Object.fromEntries(next)) : '';
  }
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === false) return true;
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** Anything that is not understood is left out: links outlive versions. */
export function parse(text: string): Arrangement {
  let said: Record<string, unknown>;
  try {
    said = Object(JSON.parse(text || '{}')) as Record<string, unknown>;
  } catch {
    return {};
  }
  const found: Arrangement = {};
  if (isTexts(said['columns'])) found.columns = [...new Set(said['columns'])];
  if (isTexts(said['pins'])) found.pins = said['pins'];
  if (isRecord(said['widths'], (width) => Number(width) >= NARROWEST && Number(width) <= WIDEST)) {
    found.widths = said['widths'] as Record<string, number>;
  }
  if (Array.isArray(said['sorts']) && said['sorts'].every(isSort)) found.sorts = said['sorts'];
  if (isRecord(said['filters'], isFilter)) found.filters = said['filters'] as Filters;
  if (said['differing'] === true) found.differing = true;
  if (typeof said['baseline'] === 'string') found.baseline = said['baseline'];
  if (typeof said['group'] === 'string') found.group = said['group'];
  found.aggregate = AGGREGATES.find((one) => one === said['aggregate']);
  if (isTexts(said['closed'])) found.closed = said['closed'];
  found.view = VIEWS.find((one) => one === said['view']);
  if (isRecord(said['scales'], (scale) => SCALES.includes(scale as Scale))) {
    found.scales = said['scales'] as Record<string, Scale>;
  }
  if (typeof said['colour'] === 'string') found.colour = said['colour'];
  return found;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isRecord(value: unknown, isMember: (member: unknown) => boolean): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every(isMember);
}

function isSort(value: unknown): value is SortKey {
  const key = Object(value) as Partial<SortKey>;
  return typeof key.id === 'string' && typeof key.descending === 'boolean';
}

function isFilter(value: unknown): boolean {
  const { any, low, high, missing } = Object(value) as Record<string, unknown>;
  const isBound = (bound: unknown): boolean => bound === null || typeof bound === 'number';
  return typeof missing === 'boolean' && (Array.isArray(any) || (isBound(low) && isBound(high)));
}

export const layout = new Layout();
