// What is looked at: one graph, what of it is open, and what is told of it.
import { reasonOf } from '../../api/client';
import { preferences } from '../../state/preferences.svelte';
import { compileFilter, NO_FILTER, type Filter } from '../../state/filter';
import { PLAIN_GRAPH, type GraphLink } from '../../state/graphLink';
import { canExpand, allBeneath, buildScene, firstExpanded } from './scene';
import { asColourBy, colouringOf, type Change, type ColourBy, type Costs } from './colours';
import type { Graph } from './data';
import { layered } from './elk';
import { search, trace, type Found } from './facts';
import { Layouter, type Placed, type Size } from './layout';
import { makeMeasure } from './measure';
import { boxSize, openWidth } from './paint';
import type { Scene } from './scene';
import { ancestors, buildTree, NONE, type Tree } from './tree';
import { withTotals } from './costs';

/** More boxes than this are not opened by one act. */
export const MOST_BOXES = 1500;

export interface Shown {
  scene: Scene;
  placed: Placed;
}

/** What the view is asked to bring to the screen; a new object each time. */
export interface Goal {
  /** NONE: everything. */
  item: number;
  how: 'first' | 'fit' | 'keep' | 'show';
}

export class GraphModel {
  graph = $state.raw<Graph | null>(null);
  changeOf = $state.raw<((item: number) => Change) | null>(null);
  costs = $state.raw<Costs | null>(null);
  fold = $state(true);
  showAside = $state(false);
  chosen = $state.raw<ReadonlyMap<number, boolean>>(new Map());
  expanded = $state.raw<ReadonlySet<number>>(new Set());
  selected = $state<number | null>(null);
  hovered = $state<number | null>(null);
  colourBy = $state<ColourBy>('type');
  traced = $state.raw<{ item: number; direction: 'inputs' | 'outputs' } | null>(null);
  filter = $state.raw<Filter>(NO_FILTER);
  shown = $state.raw<Shown | null>(null);
  goal = $state.raw<Goal | null>(null);
  failure = $state('');
  isBusy = $state(false);
  /** Whether the last opening was cut short, as it would have been too much. */
  isCut = $state(false);

  readonly measure = makeMeasure();
  readonly tree: Tree | null = $derived.by(() => {
    const { graph, fold, showAside, chosen } = this;
    return graph && buildTree(graph, { fold, showAside, chosen });
  });
  /** What is open at first. */
  readonly usual: ReadonlySet<number> = $derived.by(() => (this.tree ? firstExpanded(this.tree) : new Set()));
  readonly scene: Scene | null = $derived.by(() => this.tree && buildScene(this.tree, this.expanded));
  readonly totals: Costs | null = $derived.by(() => {
    const { tree, costs } = this;
    return tree && costs && withTotals(tree, costs);
  });
  readonly colouring = $derived.by(() => {
    const { shown, colourBy, totals, changeOf } = this;
    if (!shown) return null;
    // A layout that is under way may have another tree than what is still shown.
    const costs = shown.scene.tree === this.tree ? totals : null;
    return colouringOf(shown.scene, colourBy, preferences.effectiveTheme, costs, changeOf);
  });
  readonly found: Found | null = $derived.by(() => {
    const { tree, filter } = this;
    return tree && filter.regex ? search(tree, filter.regex) : null;
  });
  /** The boxes that a trace leaves bright. */
  readonly lit: ReadonlySet<number> | null = $derived.by(() => {
    const { traced, shown } = this;
    if (!traced || !shown || shown.scene.tree !== this.tree) return null;
    const reached = trace(shown.scene.tree, traced.item, traced.direction);
    const boxes = new Set<number>();
    shown.scene.shownAs.forEach((box, item) => {
      if (reached[item] === 1 && box >= 0) boxes.add(box);
    });
    return boxes;
  });

  private layouter: { tree: Tree; layouter: Layouter } | null = null;

  /** Call it while a component is made: lays out whatever the scene becomes. */
  follow(): void {
    $effect(() => {
      const { scene } = this;
      if (!scene) return;
      const controller = new AbortController();
      void this.place(scene, controller.signal);
      return () => controller.abort();
    });
  }

  private async place(scene: Scene, signal: AbortSignal): Promise<void> {
    const { tree } = scene;
    if (this.layouter?.tree !== tree) {
      const size = (item: number): Size => boxSize(tree, item, this.measure);
      const title = (item: number): number => openWidth(tree, item, this.measure);
      this.layouter = { tree, layouter: new Layouter(layered, size, title) };
    }
    this.isBusy = true;
    try {
      const placed = await this.layouter.layouter.place(scene, signal);
      if (signal.aborted) return;
      this.shown = { scene, placed };
      this.failure = '';
    } catch (error) {
      if (signal.aborted) return;
      this.failure = reasonOf(error);
    }
    this.isBusy = false;
  }

  /** Opens a graph as a link says, or as usual; folding stays as it is. */
  open(
    graph: Graph,
    changeOf: ((item: number) => Change) | null = null,
    link: GraphLink | null = null,
  ): void {
    const { opened, closed, putAside, brought, selected, traced } = link ?? PLAIN_GRAPH;
    const usualColour = changeOf ? 'difference' : 'type';
    this.costs = null;
    this.shown = null;
    this.hovered = null;
    this.isCut = false;
    this.changeOf = changeOf;
    if (link) ({ fold: this.fold, showAside: this.showAside } = link);
    if (link) this.colourBy = asColourBy(link.colour) ?? usualColour;
    else if (changeOf || this.colourBy === 'difference') this.colourBy = usualColour;
    this.chosen = new Map([
      ...putAside.map((item) => [item, true] as const),
      ...brought.map((item) => [item, false] as const),
    ]);
    this.graph = graph;
    const shut = new Set(closed);
    this.expanded = new Set([...this.usual, ...opened].filter((item) => !shut.has(item)));
    const count = this.tree?.count ?? 0;
    this.selected = selected !== null && selected < count ? selected : null;
    this.traced = traced && traced.item < count ? traced : null;
    this.goal = this.selected === null ? { item: NONE, how: 'first' } : { item: this.selected, how: 'show' };
  }

  close(): void {
    this.graph = this.shown = this.costs = null;
    this.selected = this.hovered = this.traced = null;
  }

  toggle(item: number): void {
    if (!this.tree) return;
    if (!canExpand(this.tree, item)) return this.enter(this.tree.calls.get(item));
    const expanded = new Set(this.expanded);
    if (!expanded.delete(item)) expanded.add(item);
    this.expanded = expanded;
    this.goal = { item, how: 'keep' };
  }

  /** Opens the function that a node calls. */
  private enter(callee: number | undefined): void {
    if (callee === undefined) return;
    this.jump(callee);
    this.expanded = new Set([...this.expanded, callee]);
  }

  /** Lights up all that an item depends on, or that depends on it; again puts it out. */
  toggleTrace(item: number, direction: 'inputs' | 'outputs'): void {
    this.traced = this.isTraced(item, direction) ? null : { item, direction };
  }

  isTraced(item: number, direction: 'inputs' | 'outputs'): boolean {
    return this.traced?.item === item && this.traced.direction === direction;
  }

  /** Opens all that is in an item, as far as that is not too much. */
  expandAll(item: number): void {
    const { tree } = this;
    if (!tree) return;
    const room = MOST_BOXES - (this.scene?.count ?? 0);
    const some = allBeneath(tree, item, room);
    const whole = allBeneath(tree, item, Infinity);
    this.expanded = new Set([...this.expanded, ...some]);
    this.goal = { item, how: item === NONE ? 'first' : 'keep' };
    this.isCut = some.size < whole.size;
  }

  collapseAll(item: number): void {
    const { tree } = this;
    if (!tree) return;
    this.isCut = false;
    const isInside = (open: number): boolean =>
      item === NONE || open === item || [...ancestors(tree, open)].includes(item);
    this.expanded = new Set([...this.expanded].filter((open) => !isInside(open)));
    this.goal = { item, how: item === NONE ? 'first' : 'keep' };
  }

  reset(): void {
    this.isCut = false;
    this.expanded = this.usual;
    this.goal = { item: NONE, how: 'first' };
  }

  refold(change: { fold?: boolean; showAside?: boolean }): void {
    Object.assign(this, change);
    this.forgetGroups();
    this.goal = { item: NONE, how: 'first' };
  }

  /** Groups are numbered anew with each tree. */
  private forgetGroups(): void {
    const most = this.graph?.count ?? 0;
    this.expanded = new Set([...this.expanded].filter((item) => item < most));
    if (this.selected !== null && this.selected >= most) this.selected = null;
    if (this.hovered !== null && this.hovered >= most) this.hovered = null;
    if (this.traced && this.traced.item >= most) this.traced = null;
  }

  /** Sets an item aside, or shows it among the others. */
  choose(item: number, aside: boolean): void {
    if (this.tree?.groups.has(item)) return;
    const chosen = new Map(this.chosen);
    const { graph } = this;
    chosen.set(item, aside);
    // What lies in a scope that is set aside comes to light only with the scope.
    if (!aside && graph)
      for (let at = graph.parent[item]; at >= 0; at = graph.parent[at]) chosen.set(at, false);
    this.chosen = chosen;
    this.forgetGroups();
  }

  /** Selects an item, and opens whatever it lies in. */
  jump(item: number): void {
    const { tree } = this;
    if (!tree || tree.parent[item] < NONE) return;
    if (tree.aside[item] > 0) this.choose(item, false);
    const now = this.tree ?? tree;
    const closed = [...ancestors(now, item)].filter((around) => !this.expanded.has(around));
    if (closed.length > 0) this.expanded = new Set([...this.expanded, ...closed]);
    this.selected = item;
    this.goal = { item, how: 'show' };
  }

  /** Brings an item to the screen, NONE for everything. */
  look(item: number, how: Goal['how']): void {
    this.goal = { item, how };
  }

  seek(text: string): void {
    this.filter = compileFilter(text, this.filter);
  }
}
