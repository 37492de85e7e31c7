// What the user looks at: which runs and tags, along which axes. The URL is its memory.
import type { Fold, Run } from '../api/types';
import { changeCard, PLAIN_CARD, withoutZooms, type CardView, type CardViews, type Interval } from './cards';
import { NOTHING_COMPARED, sharedBy, type Compared, type Shared } from './compared';
import { ARCHIVED, isListed } from './marks';
import { notes } from './notes.svelte';
import { RunColours } from './runColours.svelte';
import type { Theme } from './colours';
import { PLAIN_GRAPH, type GraphLink } from './graphLink';
import { compileFilter, matches, NO_FILTER, type Filter } from './filter';
import { foldsByName, nest, rawRows, type Row } from './folds';
import { preferences } from './preferences.svelte';
import type { Mistake } from './runQuery';
import { compact, DEFAULT_CHOICE, isTicked, keepNewest, type Choice } from './ticked';
import {
  clampSmoothing,
  fromQuery,
  toQuery,
  type Restarts,
  type Scale,
  type Smoother,
  type View,
  type XAxis,
} from './url';

/** Under this name stands the zoom that all cards share; no kind is called so. */
const ALL_CARDS = '*';
/** How long the slider must rest before curves are asked for anew. */
const SMOOTHING_REST_MS = 60;

export class Selection {
  /** Name of the kind that is shown; empty for all. */
  kind = $state('');
  /** How the run table is arranged; its own words. */
  table = $state('');
  /** What is looked at on the page of graphs. */
  graph = $state.raw<GraphLink>(PLAIN_GRAPH);
  /** What the projector shows; its own words. */
  projector = $state('');
  runFilter = $state.raw<Filter>(NO_FILTER);
  /** Asks for runs by what they did; empty for none, and then the filter holds. */
  runQuery = $state('');
  /** The runs that the query finds; null until it finds any or there is none. */
  private found = $state.raw<ReadonlySet<string> | null>(null);
  mistake = $state.raw<Mistake | null>(null);
  tagFilter = $state.raw<Filter>(NO_FILTER);
  /** What is said of the runs that are listed. */
  only = $state.raw<readonly string[]>([]);
  /** What the slider shows; `smoothing` follows when it rests. */
  sliderSmoothing = $state(0);
  smoothing = $state(0);
  smoother = $state<Smoother>('ema');
  x = $state<XAxis>('step');
  xScale = $state<Scale>('linear');
  yScale = $state<Scale>('linear');
  ignoreOutliers = $state(false);
  restarts = $state<Restarts>('faded');
  /** Only so many of the last steps are shown; null for all. */
  last = $state<number | null>(null);
  /** The step at which all linked cards look; null for each one's newest. */
  at = $state<number | null>(null);
  /** The stretch of steps that is summed up below the charts; `at` is its end. */
  span = $state.raw<Interval | null>(null);
  /** Cards that stand on top, by kind and tag. */
  pinned = $state.raw<readonly string[]>([]);
  cards = $state.raw<CardViews>(new Map());
  /** Tags that share a chart, formulas, groups of runs. */
  compared = $state.raw<Compared>(NOTHING_COMPARED);
  /** Whether all cards zoom together. */
  linkZoom = $state(false);
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
  /** Per kind the tags that any run has. */
  tagNames = $state.raw<Readonly<Record<string, readonly string[]>>>({});
  readonly shared: Shared = $derived(sharedBy(this.compared.rules, this.tagNames.scalar ?? []));
  private choice = $state.raw<Choice>(DEFAULT_CHOICE);
  /** The ticks that hold again when the query goes; those of the link's query until it has its answer. */
  private aside = $state.raw<Choice>(DEFAULT_CHOICE);
  private newest = $state.raw<ReadonlySet<string>>(new Set());
  private settled = false;
  readonly colours = new RunColours();
  /** Runs that stand on top of the list. */
  pinnedRuns = $state.raw<readonly string[]>([]);
  /** The run that the readout compares the others with. */
  baseline = $state('');
  /** Runs whose circumstances are looked at: one, or two to compare. */
  about = $state.raw<readonly string[]>([]);
  private rest: ReturnType<typeof setTimeout> | undefined;

  /** The runs that are ticked unless somebody did otherwise. */
  private readonly rule: ReadonlySet<string> = $derived(this.found ?? this.newest);
  private readonly chosen: ReadonlySet<string> = $derived.by(() => {
    const { runs, choice, rule } = this;
    return new Set(runs.map((run) => run.name).filter((name) => isTicked(choice, rule, name)));
  });
  /** The runs that are drawn: those chosen, but for what is hidden or archived. */
  readonly ticked: ReadonlySet<string> = $derived.by(() => {
    const away = new Set(this.runs.filter((run) => this.isAway(run)).map((run) => run.name));
    return away.size === 0 ? this.chosen : new Set([...this.chosen].filter((name) => !away.has(name)));
  });
  /** The runs that the list shows. A filter narrows the list, never the ticks; a query decides on both. */
  readonly listed: readonly Run[] = $derived(
    this.isFiltered || this.only.length > 0 || notes.runs.size > 0
      ? this.runs.filter((run) => this.passes(run.name) && this.isSaidAsAsked(run))
      : this.runs,
  );
  readonly listedNames: ReadonlySet<string> = $derived(new Set(this.listed.map((run) => run.name)));
  get isFiltered(): boolean {
    return this.runQuery ? this.found !== null : this.runFilter.regex !== null;
  }
  /** The listed runs, pinned ones first. */
  private readonly ordered: readonly Run[] = $derived.by(() => {
    const onTop = new Set(this.pinnedRuns);
    if (onTop.size === 0) return this.listed;
    return [
      ...this.runs.filter((run) => onTop.has(run.name)),
      ...this.listed.filter((run) => !onTop.has(run.name)),
    ];
  });
  private readonly foldOf: ReadonlyMap<string, Fold> = $derived(foldsByName(this.runs));
  /** Runs that are parts of another, and shown as such. */
  readonly folds: ReadonlyMap<string, Fold> = $derived(
    preferences.foldRuns ? this.foldOf : new Map<string, Fold>(),
  );
  readonly hasFolds: boolean = $derived(this.runs.some((run) => run.fold));
  /** The runs that are listed, as the rows they are listed in. */
  readonly rows: readonly Row[] = $derived(
    preferences.foldRuns && this.hasFolds ? nest(this.ordered, this.unfolded) : rawRows(this.ordered),
  );
  /** The step or stretch of steps that is marked, as a stretch. */
  readonly marked: Interval | null = $derived(this.span ?? (this.at === null ? null : [this.at, this.at]));
  readonly query: string = $derived(toQuery(this.view(), preferences.smoothing));

  constructor(search: string) {
    this.show(search);
  }

  /** Shows what a link says. */
  show(search: string): void {
    clearTimeout(this.rest);
    const view = fromQuery(search, preferences.smoothing);
    this.kind = view.kind;
    this.table = view.table;
    this.graph = view.graph;
    this.projector = view.projector;
    this.filterRuns(view.runFilter);
    this.queryRuns(view.runQuery);
    this.only = view.only;
    this.filterTags(view.tagFilter);
    this.sliderSmoothing = this.smoothing = view.smoothing;
    this.smoother = view.smoother;
    this.x = view.x;
    this.xScale = view.xScale;
    this.yScale = view.yScale;
    this.ignoreOutliers = view.ignoreOutliers;
    this.restarts = view.restarts;
    this.last = view.last;
    this.at = view.at;
    this.span = view.span;
    this.pinned = view.pinned;
    this.cards = view.cards;
    this.compared = view.compared;
    this.linkZoom = view.linkZoom;
    this.colours.rule = view.colourBy;
    this.pinnedRuns = view.pinnedRuns;
    this.baseline = view.baseline;
    this.about = view.about;
    this.collapsed = new Set(view.collapsed);
    const choice = { base: view.base, on: new Set(view.on), off: new Set(view.off) };
    if (view.runQuery) this.aside = choice;
    else this.choice = choice;
  }

  private view(): View {
    const choice = this.runQuery && !this.found ? this.aside : this.choice;
    return {
      kind: this.kind,
      table: this.table,
      graph: this.graph,
      projector: this.projector,
      runFilter: this.runFilter.text,
      runQuery: this.runQuery,
      only: this.only,
      tagFilter: this.tagFilter.text,
      smoothing: this.smoothing,
      smoother: this.smoother,
      x: this.x,
      xScale: this.xScale,
      yScale: this.yScale,
      ignoreOutliers: this.ignoreOutliers,
      restarts: this.restarts,
      last: this.last,
      at: this.at,
      span: this.span,
      pinned: this.pinned,
      cards: this.cards,
      compared: this.compared,
      linkZoom: this.linkZoom,
      colourBy: this.colours.rule,
      pinnedRuns: this.pinnedRuns,
      baseline: this.baseline,
      about: this.about,
      base: choice.base,
      on: [...choice.on],
      off: [...choice.off],
      collapsed: [...this.collapsed],
    };
  }

  /** Takes the server's list; `complete` says that the first reading of the folder is over. */
  meet(runs: readonly Run[], complete: boolean): void {
    this.newest = keepNewest(runs, this.runs, this.newest, this.settled);
    this.settled = complete;
    this.colours.meet(runs.map((run) => run.name));
    this.runs = runs;
  }

  /** Whether a run, or one that it is a part of, is hidden or archived. */
  private isSaid(run: Run, mark: 'hidden' | 'archived'): boolean {
    return notes.runs.size > 0 && this.lineage(run.name).some((name) => notes.of(name)[mark]);
  }

  /** A run and those that it is a part of. */
  private lineage(name: string): string[] {
    const names = [name];
    // Parents have ever shorter names, so this ends.
    for (let fold = this.foldOf.get(name); fold; fold = this.foldOf.get(fold.parent)) names.push(fold.parent);
    return names;
  }

  /** Runs that are not drawn, whether they are ticked or not. */
  private isAway(run: Run): boolean {
    return this.isSaid(run, 'hidden') || (this.isSaid(run, 'archived') && !this.only.includes(ARCHIVED));
  }

  toggleOnly(mark: string): void {
    const { only } = this;
    this.only = only.includes(mark) ? only.filter((other) => other !== mark) : [...only, mark];
  }

  colourOf(name: string, theme: Theme): string {
    return this.colours.of(name, theme);
  }

  dashOf(name: string): readonly number[] {
    return preferences.dashes ? this.colours.dashOf(name) : [];
  }

  togglePinnedRun(name: string): void {
    const { pinnedRuns } = this;
    this.pinnedRuns = pinnedRuns.includes(name)
      ? pinnedRuns.filter((other) => other !== name)
      : [...pinnedRuns, name];
  }

  /** `said` tells of the hidden runs that were shown again. */
  tick(names: readonly string[], on: boolean, said: (hidden: readonly string[]) => string): void {
    if (on) this.showAgain(names, said);
    const ticked = new Set(this.chosen);
    for (const name of names) {
      if (on) ticked.add(name);
      else ticked.delete(name);
    }
    this.settle(ticked);
  }

  tickOnly(names: readonly string[], said: (hidden: readonly string[]) => string): void {
    this.showAgain(names, said);
    this.settle(new Set(names));
  }

  /** Ticking a run that is hidden shows it again: a tick box never lies. */
  private showAgain(names: readonly string[], said: (hidden: readonly string[]) => string): void {
    const lines = new Set(names.flatMap((name) => this.lineage(name)));
    const hidden = [...lines].filter((name) => notes.of(name).hidden);
    if (hidden.length > 0) notes.change(hidden, { hidden: null }, said(hidden), true);
  }

  unfold(name: string): void {
    this.unfolded = toggled(this.unfolded, name);
  }

  private settle(ticked: ReadonlySet<string>): void {
    this.choice = compact(
      ticked,
      this.rule,
      this.runs.map((run) => run.name),
      this.choice,
    );
  }

  filterRuns(text: string): void {
    this.runFilter = compileFilter(text, this.runFilter);
  }

  private passes(name: string): boolean {
    if (this.runQuery) return this.found === null || this.found.has(name);
    return matches(this.runFilter, name) || matches(this.runFilter, notes.nameOf(name) ?? name);
  }

  private isSaidAsAsked(run: Run): boolean {
    return isListed(this.only, notes.of(run.name), this.isSaid(run, 'archived'));
  }

  queryRuns(text: string): void {
    this.runQuery = text.trim() && text;
    if (!this.runQuery) this.take(null, null);
  }

  /** Takes the answer to the query. With a mistake in it, the last one without holds on. */
  take(found: ReadonlySet<string> | null, mistake: Mistake | null): void {
    this.mistake = mistake;
    if (mistake) return;
    if ((found === null) !== (this.found === null)) {
      const { choice, aside } = this;
      this.choice = aside;
      this.aside = found === null ? DEFAULT_CHOICE : choice;
    }
    this.found = found;
  }

  filterTags(text: string): void {
    this.tagFilter = compileFilter(text, this.tagFilter);
  }

  smooth(value: number): void {
    this.sliderSmoothing = clampSmoothing(value);
    clearTimeout(this.rest);
    this.rest = setTimeout(() => (this.smoothing = this.sliderSmoothing), SMOOTHING_REST_MS);
  }

  /** Another x axis: what was zoomed to on the old one means nothing on it. */
  runAlong(x: XAxis): void {
    if (x !== this.x) this.cards = withoutZooms(this.cards);
    this.x = x;
    this.compare({ along: '' });
  }

  /** Looks at a step, or at a stretch of them; null for none. */
  mark(steps: Interval | null): void {
    this.at = steps && steps[1];
    this.span = steps && steps[0] < steps[1] ? steps : null;
  }

  /** Puts something together, or apart. What was zoomed to on another axis means nothing on this one. */
  compare(change: Partial<Compared>): void {
    const along = change.along ?? this.compared.along;
    if (along !== this.compared.along) this.cards = withoutZooms(this.cards);
    this.compared = { ...this.compared, ...change };
  }

  cardOf(key: string): CardView {
    return this.cards.get(key) ?? PLAIN_CARD;
  }

  changeCard(key: string, change: Partial<CardView>): void {
    this.cards = changeCard(this.cards, key, change);
  }

  /** The zoom of a card; linked, all share one. */
  zoomOf(key: string): Interval | null {
    return this.cardOf(this.linkZoom ? ALL_CARDS : key).zoom;
  }

  zoom(key: string, range: Interval | null): void {
    this.changeCard(this.linkZoom ? ALL_CARDS : key, { zoom: range });
  }

  togglePin(key: string): void {
    const { pinned } = this;
    this.pinned = pinned.includes(key) ? pinned.filter((other) => other !== key) : [...pinned, key];
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
