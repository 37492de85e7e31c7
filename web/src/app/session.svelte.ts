// The connection to the server: the list of runs, live changes, and what went wrong.
import { fetchRuns, ServerError } from '../api/client';
import { listen, type Connection } from '../api/live';
import { oneAtATime } from '../api/oneAtATime';
import type { ChangeEvent, ProgressEvent, RunsAnswer } from '../api/types';
import type { OnChange } from '../api/ask';
import { notes } from '../state/notes.svelte';
import { notices } from '../state/notices.svelte';
import { preferences } from '../state/preferences.svelte';
import { selection } from '../state/selection.svelte';
import { workspaces } from '../state/workspaces.svelte';
import { t } from '../i18n';

const RETRY_MS = 2000;

class Session {
  answer = $state.raw<RunsAnswer | null>(null);
  error = $state.raw<ServerError | null>(null);
  connection = $state<Connection>('connecting');
  progress = $state.raw<ProgressEvent | null>(null);
  /** Per kind and tag: the names of its runs. */
  readonly runsByTag: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> = $derived(
    indexRuns(this.answer),
  );

  readonly tickedRuns: readonly string[] = $derived(
    (this.answer?.runs ?? []).map((run) => run.name).filter((name) => selection.ticked.has(name)),
  );

  /** Names of the ticked runs that marked moments, as JSON: only other names are a change. */
  readonly markedRuns: string = $derived(
    JSON.stringify(
      (this.answer?.runs ?? [])
        .filter(({ name, tags }) => tags['mark'] && selection.ticked.has(name))
        .map(({ name }) => name),
    ),
  );

  private readonly listeners = new Set<Parameters<OnChange>[0]>();
  private changed = new Set<string>();
  private everything = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;

  readonly onChange: OnChange = (listener) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Names of the ticked runs that have a tag. */
  runsOf(kind: string, tag: string): readonly string[] {
    return (this.runsByTag.get(kind)?.get(tag) ?? []).filter((run) => selection.ticked.has(run));
  }

  start(): () => void {
    const ready = notes.refresh().then(() => {
      const { name } = workspaces;
      if (!workspaces.arrive()) notices.say(t('noWorkspace', { name }));
    });
    // What a short link shows is known with the notes; anything else need not wait for them.
    void (workspaces.awaited ? ready.then(() => this.refresh()) : this.refresh());
    document.addEventListener('visibilitychange', () => document.hidden || this.tellSoon());
    return listen({
      hello: ({ revision, notes: version }) => {
        notes.follow(version);
        // Something may have happened while nobody listened.
        if (!this.answer || revision === this.answer.revision) return;
        this.everything = true;
        void this.refresh();
        this.tellSoon();
      },
      change: (event) => this.note(event),
      progress: (event) => this.advance(event),
      connection: (state) => (this.connection = state),
    });
  }

  /** Fetches the list of runs. */
  readonly refresh = oneAtATime(() => this.fetchOnce());

  private async fetchOnce(): Promise<void> {
    clearTimeout(this.retry);
    try {
      const answer = await fetchRuns();
      selection.meet(answer.runs, answer.state !== 'loading');
      selection.titles = answer.titles;
      selection.tagNames = answer.tags;
      this.answer = answer;
      this.error = null;
    } catch (error) {
      this.error = error instanceof ServerError ? error : new ServerError(String(error), 0);
      this.retry = setTimeout(() => void this.refresh(), RETRY_MS);
    }
  }

  private note(event: ChangeEvent): void {
    notes.follow(event.notes);
    for (const run of event.runs) this.changed.add(run);
    if (event.tree) void this.refresh();
    // The template may have something to say of new runs.
    if (event.tree && notes.settings.name_template) void notes.refresh();
    this.tellSoon();
  }

  private advance(event: ProgressEvent): void {
    this.progress = event;
    if (event.state !== this.answer?.state) void this.refresh();
  }

  private tellSoon(): void {
    // A hidden page collects, and catches up when it is looked at again; so does one that was told to wait.
    if (document.hidden || this.timer !== undefined || preferences.liveEvery === 0) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (!document.hidden) this.update();
    }, preferences.liveEvery);
  }

  /** Tells the cards what changed since they were told last. */
  update(): void {
    const changed = this.everything ? 'all' : this.changed;
    this.everything = false;
    this.changed = new Set();
    if (changed === 'all' || changed.size > 0) this.listeners.forEach((listener) => listener(changed));
  }
}

function indexRuns(answer: RunsAnswer | null): Map<string, Map<string, string[]>> {
  const index = new Map<string, Map<string, string[]>>();
  if (!answer) return index;
  for (const [kind, tags] of Object.entries(answer.tags)) {
    const lists = tags.map((): string[] => []);
    for (const run of answer.runs) for (const tag of run.tags[kind] ?? []) lists[tag]?.push(run.name);
    index.set(kind, new Map(tags.map((name, i) => [name, lists[i]])));
  }
  return index;
}

export const session = new Session();
