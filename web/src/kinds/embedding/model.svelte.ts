// What the view shows of one embedding, and what the user does to it.
import { ServerError, isAbort } from '../../api/client';
import { preferences } from '../../state/preferences.svelte';
import { StepCursor } from '../../ui/stepCursor.svelte';
import { FLAT, START, type Camera } from './camera';
import { coloured, isSameName, placed, plain, type Colouring } from './data';
import { DEFAULT_LOOK, type Look, type MethodName, type Query, type Saved, type Settings } from './look';
import { Picked } from './picked.svelte';
import { aligned } from './procrustes';
import {
  askInfo,
  askLabels,
  askNear,
  askPlaces,
  askSearch,
  askValues,
  type Axis,
  type Info,
  type Method,
  type Metric,
  type Values,
  type Which,
} from './questions';
import { cancelReduction, reduced, type Progress } from './reduction';
import { FAINT, HIDDEN, NORMAL, STRONG } from './scene';

const PLACES = 'places';
/** Rows whose labels are asked for at a time. */
const MOST_LABELS = 50_000;

export class Model {
  which = $state.raw<Which | null>(null);
  info = $state.raw<Info | null>(null);
  /** What went wrong, by the name of the question; see `during`. */
  private errors = $state.raw<ReadonlyMap<string, string>>(new Map());
  busy = $state(0);
  // Which embedding is wished for; see `Look`.
  run = $state<string | null>(null);
  name = $state<string | null>(null);
  readonly cursor = new StepCursor();
  // The projection.
  method = $state<MethodName>('pca');
  dimensions = $state<2 | 3>(3);
  components = $state.raw<readonly number[]>(DEFAULT_LOOK.components);
  axes = $state.raw<readonly Axis[]>(DEFAULT_LOOK.axes);
  settings = $state.raw<Settings>(DEFAULT_LOOK.settings);
  spherise = $state(false);
  variance = $state.raw<readonly number[]>([]);
  matches = $state.raw<readonly [number, number][]>([]);
  progress = $state.raw<Progress | null>(null);
  places = $state.raw<Float32Array>(new Float32Array());
  /** What the places are of, so that those of another step can be turned onto them. */
  private placesOf: { which: Which; method: MethodName; dimensions: number } | null = null;
  camera = $state.raw<Camera>(START);
  // Labels and colours; null colours all points alike, undefined as suits the labels.
  labelBy = $state(0);
  colourBy = $state<number | null | undefined>(undefined);
  categories = $state<boolean | undefined>(undefined);
  sprites = $state(true);
  private values = $state.raw<Values | null>(null);
  // Points.
  picked = $state.raw(new Picked());
  metric = $state<Metric>('cosine');
  neighbours = $state(DEFAULT_LOOK.neighbours);
  query = $state.raw<Query>(DEFAULT_LOOK.query);
  private readonly under = new Map<string, AbortController>();

  constructor({ focus, camera, selected, isolated, step, ...look }: Saved) {
    Object.assign(this, look);
    this.cursor.own = step;
    this.camera = camera ?? (look.dimensions === 2 ? FLAT : START);
    this.picked.focus = focus;
    this.picked.selected = selected ?? [];
    this.picked.isolated = isolated ? new Set(isolated) : null;
  }

  /** As a link holds it. */
  readonly look: Look = $derived.by(() => {
    const { run, name, method, dimensions, components, axes, settings, spherise } = this;
    const { labelBy, colourBy, categories, sprites, metric, neighbours, query, picked } = this;
    return {
      ...{ run, name, step: this.cursor.own, method, dimensions, components, axes, settings, spherise },
      ...{ labelBy, colourBy, categories, sprites, metric, neighbours, query, focus: picked.focus },
    };
  });

  /** As a bookmark holds it. */
  save(): Saved {
    const { selected, isolated } = this.picked;
    return { ...this.look, camera: this.camera, selected, ...(isolated && { isolated: [...isolated] }) };
  }

  /** What is wrong; with neighbours only while somebody looks at their point. */
  get error(): string | null {
    const isNow = (name: string): boolean => name !== 'near' || this.picked.focus !== null;
    return [...this.errors].find(([name]) => isNow(name))?.[1] ?? null;
  }

  readonly count: number = $derived(this.places.length / 3);

  readonly colouring: Colouring = $derived.by(() => {
    const { values, count } = this;
    const theme = preferences.effectiveTheme;
    return values?.values.length === count ? coloured(values, theme) : plain(count, theme);
  });

  readonly marks: Uint8Array<ArrayBuffer> = $derived.by(() => {
    const { selected, isolated } = this.picked;
    const marks = new Uint8Array(this.count).fill(isolated ? HIDDEN : selected.length > 0 ? FAINT : NORMAL);
    if (isolated) for (const row of isolated) marks[row] = NORMAL;
    for (const row of selected) if (marks[row] !== HIDDEN) marks[row] = STRONG;
    return marks;
  });

  isShown = (row: number): boolean => this.marks[row] !== HIDDEN;

  /** Shows another embedding, or the same one anew; what was chosen stays where it still makes sense. */
  async open(which: Which): Promise<void> {
    const [before, previous] = [this.info, this.which];
    if (which.run !== previous?.run || which.tag !== previous.tag) this.info = null;
    this.which = which;
    await this.during('info', async (signal) => {
      const info = await askInfo(which, signal);
      if (this.info?.key === info.key && this.info.problems.join() === info.problems.join()) return;
      this.info = info;
      this.errors = new Map();
      const isOther = previous?.tag !== undefined && !isSameName(previous, which);
      if (before && (isOther || before.shape[0] !== info.shape[0])) this.picked.clear(true);
      if (!info.columns[this.labelBy]) this.labelBy = 0;
      const usable = this.colourBy === null || (this.colourBy !== undefined && info.columns[this.colourBy]);
      const first = info.columns.findIndex(({ distinct }) => distinct > 1 && distinct <= 50);
      const column = usable ? (this.colourBy ?? null) : first < 0 ? null : first;
      await Promise.all([this.project(), this.colour(column, this.categories), this.choose()]);
    });
  }

  /** Looks again for what was chosen by a point or a search. */
  private async choose(): Promise<void> {
    const { focus, selected } = this.picked;
    if (focus !== null) await this.lookAt(focus);
    else if (this.query.text && selected.length === 0) await this.search();
  }

  /** Asks for the places of all points; `start` lets a reduction begin that was not computed before. */
  async project(start = false): Promise<void> {
    const { which, info, dimensions, method } = this;
    if (!which || !info) return;
    const known = Math.min(10, info.shape[1]);
    const components = this.components.slice(0, dimensions).filter((one) => one < known);
    const axes = this.axes.slice(0, dimensions).filter((axis) => axis.from && axis.to);
    await this.during(PLACES, async (signal) => {
      this.progress = null;
      if (method === 'custom' && axes.length === 0) return;
      if (method === 'tsne' || method === 'umap') return this.reduce(which, start, signal);
      const question: Method = method === 'pca' ? { method, components } : { method, axes };
      const found = await askPlaces(which, question, this.spherise, signal);
      this.variance = found.variance;
      this.matches = found.matches;
      this.place(placed(found.axes), which);
    });
  }

  private async reduce(which: Which, start: boolean, signal: AbortSignal): Promise<void> {
    for await (const progress of reduced(which, this, start, signal)) {
      if (signal.aborted) return;
      this.progress = progress;
      if (progress.axes) this.place(placed(progress.axes), which);
    }
  }

  async cancel(): Promise<void> {
    const { which, progress } = this;
    if (!which || !progress) return;
    await this.during(PLACES, async (signal) => {
      await cancelReduction(which, this, signal);
      this.progress = { ...progress, state: 'ended', axes: null };
    });
  }

  /** Takes new places; those of another step or of a reduction's next picture are turned onto those before. */
  private place(places: Float32Array, which: Which): void {
    const { method, dimensions, placesOf: before } = this;
    // Of other dimensions, a flat picture would be tilted; of another run, nothing has moved.
    const isAlike =
      before?.method === method && before.dimensions === dimensions && isSameName(before.which, which);
    const turns = isAlike && (before.which.tag !== which.tag || this.progress !== null);
    this.places = turns ? aligned(places, this.places) : places;
    this.placesOf = { which, method, dimensions };
  }

  async colour(column: number | null, categories?: boolean): Promise<void> {
    const { which, info } = this;
    const chosen = column === null ? undefined : info?.columns[column];
    if (categories !== undefined) this.categories = categories;
    else if (column !== this.colourBy) this.categories = undefined;
    this.colourBy = column;
    const asCategories = this.categories ?? (!chosen?.is_number || chosen.distinct <= 50);
    await this.during('colour', async (signal) => {
      if (column === null || !which) this.values = null;
      else this.values = await askValues(which, column, asCategories, signal);
    });
  }

  /** Whether the colours are those of categories. */
  get isCategorical(): boolean {
    return this.values === null || this.values.names !== null;
  }

  /** Selects rows; one alone is looked at closely, with its neighbours. */
  async select(rows: readonly number[], more = false): Promise<void> {
    const { picked } = this;
    picked.selected = more ? [...new Set([...picked.selected, ...rows])] : rows;
    picked.focus = rows.length === 1 ? rows[0] : null;
    picked.near = null;
    if (picked.focus !== null) await this.lookAt(picked.focus);
  }

  /** Finds the neighbours of a row and selects them with it. */
  async lookAt(row: number): Promise<void> {
    const { which, neighbours: count, metric, spherise, picked } = this;
    if (!which) return;
    await this.during('near', async (signal) => {
      const near = await askNear(which, { row, count, metric, spherise }, signal);
      if (picked.focus !== row) return;
      picked.near = near;
      picked.selected = [row, ...near.rows];
    });
  }

  async search(): Promise<void> {
    const { which, picked, query } = this;
    if (!which) return;
    await this.during('search', async (signal) => {
      if (!query.text) return picked.clear(false);
      const found = await askSearch(which, query, signal);
      picked.focus = picked.near = null;
      picked.selected = [...found];
    });
  }

  /** The labels of some rows, all columns. */
  async labels(rows: readonly number[], signal: AbortSignal): Promise<string[][]> {
    if (!this.which || !this.info?.columns.length || rows.length === 0) return rows.map(() => []);
    return askLabels(this.which, rows, signal);
  }

  /** The same for any number of rows. */
  async allLabels(rows: readonly number[]): Promise<string[][]> {
    const found: string[][] = [];
    const { signal } = new AbortController();
    for (let at = 0; at < rows.length; at += MOST_LABELS)
      found.push(...(await this.labels(rows.slice(at, at + MOST_LABELS), signal)));
    return found;
  }

  dispose(): void {
    for (const controller of this.under.values()) controller.abort();
  }

  /** Runs a question; a newer one of the same name ends it. */
  private async during(name: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.under.get(name)?.abort();
    const controller = new AbortController();
    this.under.set(name, controller);
    this.busy++;
    try {
      await work(controller.signal);
      this.note(name, null);
    } catch (error) {
      if (isAbort(error) || controller.signal.aborted) return;
      this.note(name, error instanceof ServerError ? error.message : String(error));
      if (name === 'info') this.places = new Float32Array();
    } finally {
      this.busy--;
    }
  }

  /** Keeps what is wrong with a question; null for nothing. */
  private note(name: string, error: string | null): void {
    const errors = new Map(this.errors);
    if (error === null) errors.delete(name);
    else errors.set(name, error);
    this.errors = errors;
  }
}
