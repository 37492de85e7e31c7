// What was chosen to be looked at: a graph, a profile over it, another graph to compare it with.
import { reasonOf } from '../../api/client';
import { untrack } from 'svelte';
import type { Ask, OnChange } from '../../api/ask';
import { t } from '../../i18n';
import { selection } from '../../state/selection.svelte';
import { decodeProfile } from './costs';
import { difference } from './difference';
import type { Memory } from './memory.svelte';
import type { GraphModel } from './model.svelte';
import {
  askProfile,
  isGraph,
  keyOf,
  listEntries,
  troubleOf,
  runOf,
  sourceOf,
  type Entry,
  type Source,
} from './source.svelte';
import { uploaded } from './upload';

interface Wish {
  runs: readonly string[];
  /** Tags that the filter lets through. */
  tags: readonly string[];
  ask: Ask;
  onChange: OnChange;
}

/** What is on the screen: a graph, and the one that it is compared with. */
export interface Opened {
  source: Source;
  other: Source | null;
}

export class Choice {
  private listed = $state.raw<readonly Entry[]>([]);
  private uploads = $state.raw<readonly Source[]>([]);
  /** Keys of what was chosen; '' for none. */
  private graphKey = $state(selection.graph.graph);
  private otherKey = $state(selection.graph.other);
  profileKey = $state(selection.graph.profile);
  opened = $state.raw<Opened | null>(null);
  problem = $state('');
  isListed = $state(false);
  private attempt = $state(0);

  private readonly entries: readonly Entry[] = $derived.by(() => {
    const tags = new Set(this.wish().tags);
    const byKey = new Map(
      this.listed.filter(({ tag }) => tags.has(tag)).map((entry) => [keyOf(entry), entry]),
    );
    return [...byKey.values()];
  });
  readonly sources: readonly Source[] = $derived.by(() => {
    const { ask } = this.wish();
    const several = new Set(this.entries.map(({ run }) => run)).size > 1;
    const graphs = this.entries.filter(isGraph);
    return [...this.uploads, ...graphs.map((entry) => sourceOf(entry, titleOf(entry, graphs, several), ask))];
  });
  private readonly inLogs = $derived(this.sources.filter(({ entry }) => entry));
  /** The key of the graph that is shown when nothing was chosen. */
  readonly usualKey: string = $derived(this.inLogs[0]?.key ?? '');
  readonly source: Source | null = $derived(
    this.sources.find(({ key }) => key === this.graphKey) ??
      this.inLogs.find(({ key }) => runOf(key) === runOf(this.graphKey)) ??
      this.sources[0] ??
      null,
  );
  readonly other: Source | null = $derived(
    this.sources.find(({ key }) => key === this.otherKey && key !== this.source?.key) ?? null,
  );
  /** Profiles of the run that the graph is of. */
  readonly profiles: readonly Entry[] = $derived(
    this.entries.filter(({ run, holds }) => holds.includes('profile') && run === this.source?.entry?.run),
  );
  readonly profile: Entry | null = $derived(
    this.profiles.find((entry) => keyOf(entry) === this.profileKey) ?? this.profiles[0] ?? null,
  );
  readonly isEmpty = $derived(this.isListed && this.sources.length === 0);

  constructor(
    private readonly model: GraphModel,
    private readonly memory: Memory,
    private readonly wish: () => Wish,
  ) {
    const names = $derived(wish().runs.join('\n'));
    $effect(() => {
      void this.attempt;
      const runs = names === '' ? [] : names.split('\n');
      const { ask, onChange } = wish();
      const controller = new AbortController();
      const list = (): void => void this.list(ask, runs, controller.signal);
      list();
      const stop = onChange((changed) => {
        if (changed === 'all' || runs.some((run) => changed.has(run))) list();
      });
      return () => {
        stop();
        controller.abort();
      };
    });
    // The list is made anew with every change of a log; only another key means another graph.
    const key = $derived(`${this.source?.key}\n\n${this.other?.key}`);
    $effect(() => {
      void this.attempt;
      void key;
      return this.whileWanted((signal) => this.load(signal));
    });
    const profileKey = $derived(this.profile ? keyOf(this.profile) : '');
    $effect(() => {
      void this.model.graph;
      void profileKey;
      return this.whileWanted((signal) => this.loadProfile(signal));
    });
  }

  choose(key: string): void {
    this.memory.forget();
    this.graphKey = key;
  }

  compareWith(key: string): void {
    this.memory.forget();
    this.otherKey = key;
  }

  retry(): void {
    this.attempt++;
  }

  async upload(file: File): Promise<void> {
    const source = uploaded(file);
    try {
      await source.load(new AbortController().signal);
      this.problem = '';
      this.uploads = [source, ...this.uploads.filter(({ title }) => title !== source.title)];
      this.choose(source.key);
    } catch (error) {
      this.problem = `${file.name}: ${reasonOf(error)}`;
    }
  }

  private whileWanted(act: (signal: AbortSignal) => Promise<void>): () => void {
    const controller = new AbortController();
    // What it reads on its way is no reason to begin anew.
    const acting = untrack(() => act(controller.signal));
    acting.catch((error: unknown) => {
      this.problem = troubleOf(error, controller.signal) || this.problem;
    });
    return () => controller.abort();
  }

  private async list(ask: Ask, runs: readonly string[], signal: AbortSignal): Promise<void> {
    try {
      this.listed = await listEntries(ask, runs, signal);
      this.isListed = true;
    } catch (error) {
      this.problem = troubleOf(error, signal) || this.problem;
    }
  }

  private async load(signal: AbortSignal): Promise<void> {
    const { source, other } = this;
    if (!source) {
      this.opened = null;
      return this.model.close();
    }
    const [graph, second] = await Promise.all([source.load(signal), other?.load(signal)]);
    if (signal.aborted) return;
    this.problem = '';
    const opened = { source, other };
    const link = this.memory.of(opened);
    if (second) {
      const { merged, changeOf } = difference(second, graph);
      this.model.open(merged, changeOf, link);
    } else this.model.open(graph, null, link);
    this.opened = opened;
  }

  private async loadProfile(signal: AbortSignal): Promise<void> {
    const { source, profile, other } = this;
    const { graph } = this.model;
    if (!graph || !source?.entry || !profile || other) return;
    const costs = decodeProfile(await askProfile(this.wish().ask, source.entry, profile, signal));
    const hasTimes = costs.time.some((time) => time >= 0) || costs.memory.some((size) => size >= 0);
    if (!signal.aborted && this.model.graph === graph) this.model.costs = hasTimes ? costs : null;
  }
}

function titleOf(entry: Entry, graphs: readonly Entry[], several: boolean): string {
  const { run, name, holds } = entry;
  const twins = graphs.filter((other) => other.run === run && other.tag === entry.tag);
  const number = twins.length > 1 ? ` ${twins.indexOf(entry) + 1}` : '';
  const what = name.startsWith('__') ? t('graphOfRun') : holds.includes('keras') ? `${name} (Keras)` : name;
  return several || what === t('graphOfRun') ? `${run} · ${what}${number}` : `${what}${number}`;
}
