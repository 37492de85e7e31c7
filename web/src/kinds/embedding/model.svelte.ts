// What the view shows of one embedding, and what the user does to it.
import { ServerError, isAbort } from '../../api/client';
import type { Theme } from '../../state/colours';
import { coloured, nameAndStep, placed, plain, type Colouring } from './data';
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
  type Near,
  type Values,
  type Which,
} from './questions';
import { FAINT, HIDDEN, NORMAL, STRONG } from './scene';

const NO_AXIS: Axis = { column: 0, from: '', to: '', is_regex: false };
const PLACES = 'places';

export class Model {
  which = $state.raw<Which | null>(null);
  info = $state.raw<Info | null>(null);
  error = $state<string | null>(null);
  busy = $state(0);
  // The projection.
  method = $state<'pca' | 'custom'>('pca');
  dimensions = $state<2 | 3>(3);
  components = $state.raw<readonly number[]>([0, 1, 2]);
  axes = $state.raw<readonly Axis[]>([NO_AXIS, NO_AXIS]);
  spherise = $state(false);
  variance = $state.raw<readonly number[]>([]);
  matches = $state.raw<readonly [number, number][]>([]);
  places = $state.raw<Float32Array>(new Float32Array());
  // Labels and colours; null colours all points alike.
  labelBy = $state(0);
  colourBy = $state<number | null>(null);
  categories = $state(true);
  sprites = $state(true);
  private values = $state.raw<Values | null>(null);
  // Points.
  selected = $state.raw<readonly number[]>([]);
  focus = $state<number | null>(null);
  near = $state.raw<Near | null>(null);
  metric = $state<Metric>('cosine');
  neighbours = $state(100);
  /** The rows that alone are shown; null for all. */
  isolated = $state.raw<ReadonlySet<number> | null>(null);
  private readonly under = new Map<string, AbortController>();

  get count(): number {
    return this.places.length / 3;
  }

  colouring(theme: Theme): Colouring {
    return this.values && this.values.values.length === this.count
      ? coloured(this.values, theme)
      : plain(this.count, theme);
  }

  readonly marks: Uint8Array<ArrayBuffer> = $derived.by(() => {
    const { selected, isolated, count } = this;
    const marks = new Uint8Array(count).fill(isolated ? HIDDEN : selected.length > 0 ? FAINT : NORMAL);
    if (isolated) for (const row of isolated) marks[row] = NORMAL;
    for (const row of selected) if (marks[row] !== HIDDEN) marks[row] = STRONG;
    return marks;
  });

  isShown = (row: number): boolean => this.marks[row] !== HIDDEN;

  /** Shows another embedding, or the same one anew; what was chosen stays where it still makes sense. */
  async open(which: Which): Promise<void> {
    const before = this.info;
    if (which.run !== this.which?.run || which.tag !== this.which.tag) this.info = null;
    const isOther = this.which !== null && nameAndStep(this.which.tag).name !== nameAndStep(which.tag).name;
    this.which = which;
    await this.during('info', async (signal) => {
      const info = await askInfo(which, signal);
      if (this.info?.key === info.key && this.info.problems.join() === info.problems.join()) return;
      this.info = info;
      if (isOther || before?.shape[0] !== info.shape[0]) this.clear(true);
      if (this.focus !== null) void this.look(this.focus);
      if (!info.columns[this.labelBy]) this.labelBy = 0;
      const usable = this.colourBy !== null && info.columns[this.colourBy];
      const first = info.columns.findIndex(({ distinct }) => distinct > 1 && distinct <= 50);
      await Promise.all([this.project(), this.colour(usable ? this.colourBy : first < 0 ? null : first)]);
    });
  }

  /** Asks for the places of all points. */
  async project(): Promise<void> {
    const { which, info, dimensions } = this;
    if (!which || !info) return;
    const known = Math.min(10, info.shape[1]);
    const components = this.components.slice(0, dimensions).filter((one) => one < known);
    const axes = this.axes.slice(0, dimensions).filter((axis) => axis.from && axis.to);
    if (this.method === 'custom' && axes.length === 0) return;
    const method: Method = this.method === 'pca' ? { method: 'pca', components } : { method: 'custom', axes };
    await this.during(PLACES, async (signal) => {
      const found = await askPlaces(which, method, this.spherise, signal);
      this.places = placed(found.axes);
      this.variance = found.variance;
      this.matches = found.matches;
    });
  }

  async colour(column: number | null): Promise<void> {
    const { which, info } = this;
    if (column !== this.colourBy && column !== null) {
      const chosen = info?.columns[column];
      this.categories = !chosen?.is_number || chosen.distinct <= 50;
    }
    this.colourBy = column;
    if (column === null || !which) {
      this.values = null;
      return;
    }
    await this.during('colour', async (signal) => {
      this.values = await askValues(which, column, this.categories, signal);
    });
  }

  /** Selects rows; one alone is looked at closely, with its neighbours. */
  async select(rows: readonly number[], more = false): Promise<void> {
    this.selected = more ? [...new Set([...this.selected, ...rows])] : rows;
    this.focus = rows.length === 1 ? rows[0] : null;
    this.near = null;
    if (this.focus !== null) await this.look(this.focus);
  }

  /** Finds the neighbours of a row and selects them with it. */
  async look(row: number): Promise<void> {
    const { which, neighbours: count, metric, spherise } = this;
    if (!which) return;
    await this.during('near', async (signal) => {
      const near = await askNear(which, { row, count, metric, spherise }, signal);
      if (this.focus !== row) return;
      this.near = near;
      this.selected = [row, ...near.rows];
    });
  }

  async search(column: number, text: string, isRegex: boolean): Promise<void> {
    const { which } = this;
    if (!which) return;
    if (!text) return this.clear(false);
    await this.during('search', async (signal) => {
      const found = await askSearch(which, { column, text, is_regex: isRegex }, signal);
      this.focus = this.near = null;
      this.selected = [...found];
    });
  }

  isolate(): void {
    this.isolated = new Set(this.selected);
  }

  clear(showAll: boolean): void {
    this.selected = [];
    this.focus = this.near = null;
    if (showAll) this.isolated = null;
  }

  /** The labels of some rows, all columns. */
  async labels(rows: readonly number[], signal: AbortSignal): Promise<string[][]> {
    if (!this.which || !this.info?.columns.length || rows.length === 0) return rows.map(() => []);
    return askLabels(this.which, rows, signal);
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
      if (name === 'info' || name === PLACES) this.error = null;
    } catch (error) {
      if (isAbort(error) || controller.signal.aborted) return;
      this.error = error instanceof ServerError ? error.message : String(error);
      if (name === 'info') this.places = new Float32Array();
    } finally {
      this.busy--;
    }
  }
}
