// What the user looks at: which runs and tags, along which axes. The URL is its memory.
import type { Fold, Run } from '../api/types';
import { assignSlots, PALETTE, type Theme } from './colours';
import { compileFilter, matches, NO_FILTER, type Filter } from './filter';
import { foldsByName, nest, rawRows, type Row } from './folds';
import { preferences } from './preferences.svelte';
import { compact, isTicked, keepNewest, type Choice } from './ticked';
import { clampSmoothing, fromQuery, toQuery, type View, type XAxis } from './url';

/** How long the slider must rest before curves are asked for anew. */
const SMOOTHING_REST_MS = 60;

export class Selection {
  /** Name of the kind that is shown; empty for all. */
  kind = $state('');
  /** How the run table is arranged; its own words. */
  table = $state('');
  runFilter = $state.raw<Filter>(NO_FILTER);
  tagFilter = $state.raw<Filter>(NO_FILTER);
  /** What the slider shows; `smoothing` follows when it rests. */
  sliderSmoothing = $state(0);
  smoothing = $state(0);
  x = $state<XAxis>('step');
  logY = $state(false);
  /** The step at which all linked cards look; null for each one's newest. */
  at = $state<number | null>(null);
  /** Whether one slider moves all cards. */
  linkSteps = $state(true);
  collapsed = $state.raw<ReadonlySet<string>>(new Set());
  /** Runs whose parts are listed, too. */
  private unfolded = $state.raw<ReadonlySet<string>>(new Set());
  /** The run under the pointer in the list: its curves come forward. */
  emphasis = $state<string | null>(null);
  runs = $state.raw<readonly Run[]>([]);
  /** Tags that are called otherwise, and how. */
  titles = $state.raw<Readonly<Record<string, string>>>({});
  private choice = $state.raw<Choice>({ base: 'newest', on: new Set(), off: new Set() });
  private newest = $state.raw<ReadonlySet<string>>(new Set());
  private settled = false;
  private slots = $state.raw<ReadonlyMap<string, number>>(new Map());
  private rest: ReturnType<typeof setTimeout> | undefined;

  readonly ticked: ReadonlySet<string> = $derived.by(() => {
    const { runs, choice, newest } = this;
    return new Set(runs.map((run) => run.name).filter((name) => isTicked(choice, newest, name)));
  });
  /** The runs that the list shows: filtering narrows the list, never the ticks. */
  readonly listed: readonly Run[] = $derived.by(() => {
    const { runs, runFilter } = this;
    return runFilter.regex ? runs.filter((run) => matches(runFilter, run.name)) : runs;
  });
  /** Runs that are parts of another, and shown as such. */
  readonly folds: ReadonlyMap<string, Fold> = $derived(
    preferences.foldRuns ? foldsByName(this.runs) : new Map<string, Fold>(),
  );
  readonly hasFolds: boolean = $derived(this.runs.some((run) => run.fold));
  /** The runs that are listed, as the rows they are listed in. */
  readonly rows: readonly Row[] = $derived(
    preferences.foldRuns && this.hasFolds ? nest(this.listed, this.unfolded) : rawRows(this.listed),
  );
  readonly query: string = $derived(toQuery(this.view()));

  constructor(search: string) {
    const view = fromQuery(search);
    this.kind = view.kind;
    this.table = view.table;
    this.filterRuns(view.runFilter);
    this.filterTags(view.tagFilter);
    this.sliderSmoothing = this.smoothing = view.smoothing;
    this.x = view.x;
    this.logY = view.logY;
    this.at = view.at;
    this.collapsed = new Set(view.collapsed);
    this.choice = { base: view.base, on: new Set(view.on), off: new Set(view.off) };
  }

  private view(): View {
    const { kind, table, runFilter, tagFilter, smoothing, x, logY, at, choice, collapsed } = this;
    return {
      kind,
      table,
      runFilter: runFilter.text,
      tagFilter: tagFilter.text,
      smoothing,
      x,
      logY,
      at,
      base: choice.base,
      on: [...choice.on],
      off: [...choice.off],
      collapsed: [...collapsed],
    };
  }

  /** Takes the server's list; `complete` says that the first reading of the folder is over. */
  meet(runs: readonly Run[], complete: boolean): void {
    this.newest = keepNewest(runs, this.runs, this.newest, this.settled);
    this.settled = complete;
    this.slots = assignSlots(
      runs.map((run) => run.name),
      this.slots,
    );
    this.runs = runs;
  }

  colourOf(name: string, theme: Theme): string {
    return PALETTE[theme][this.slots.get(name) ?? 0];
  }

  tick(names: readonly string[], on: boolean): void {
    const ticked = new Set(this.ticked);
    for (const name of names) {
      if (on) ticked.add(name);
      else ticked.delete(name);
    }
    this.settle(ticked);
  }

  tickOnly(names: readonly string[]): void {
    this.settle(new Set(names));
  }

  unfold(name: string): void {
    this.unfolded = toggled(this.unfolded, name);
  }

  private settle(ticked: ReadonlySet<string>): void {
    this.choice = compact(
      ticked,
      this.newest,
      this.runs.map((run) => run.name),
      this.choice,
    );
  }

  filterRuns(text: string): void {
    this.runFilter = compileFilter(text, this.runFilter);
  }

  filterTags(text: string): void {
    this.tagFilter = compileFilter(text, this.tagFilter);
  }

  smooth(value: number): void {
    this.sliderSmoothing = clampSmoothing(value);
    clearTimeout(this.rest);
    this.rest = setTimeout(() => (this.smoothing = this.sliderSmoothing), SMOOTHING_REST_MS);
  }

  toggleGroup(name: string): void {
    this.collapsed = toggled(this.collapsed, name);
  }
}

function toggled(names: ReadonlySet<string>, name: string): Set<string> {
  const changed = new Set(names);
  if (!changed.delete(name)) changed.add(name);
  return changed;
}

export const selection = new Selection(location.search);
