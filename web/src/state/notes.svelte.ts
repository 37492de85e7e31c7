// What people say of runs: shown at once, written in the background, and followed when others change it.
import { reasonOf, ServerError } from '../api/client';
import {
  fetchNotes,
  postChanges,
  postRemoval,
  postReturn,
  type FieldChange,
  type NotesAnswer,
  type RunNotes,
} from '../api/notes';
import { oneAtATime } from '../api/oneAtATime';
import type { Problem } from '../api/types';
import { changesOf, gathered, shownNotes, takenBack, type Shown } from './noteChanges';
import { notices } from './notices.svelte';

const NOTHING: RunNotes = {};

/** Fields to be given new values; null or an empty text takes a field away. */
export type RunFields = { [Field in keyof RunNotes]?: RunNotes[Field] | null };

class Notes {
  answer = $state.raw<NotesAnswer | null>(null);
  private pending = $state.raw<readonly FieldChange[]>([]);
  private onTheWay = $state.raw<readonly FieldChange[]>([]);
  private sending = false;

  private readonly shown: Shown = $derived(shownNotes(this.answer, [...this.onTheWay, ...this.pending]));
  readonly runs = $derived(this.shown.runs);
  readonly workspaces = $derived(this.shown.workspaces);
  readonly settings = $derived(this.shown.settings);
  /** Whether there is a place for notes. */
  readonly writable = $derived(this.answer?.writable ?? false);
  private readonly byTemplate: ReadonlyMap<string, string> = $derived(
    new Map(Object.entries(this.answer?.names ?? {})),
  );
  readonly problems: readonly Problem[] = $derived(
    (this.answer?.problems ?? []).map((reason) => ({
      path: this.answer?.file ?? '',
      offset: null,
      length: null,
      reason,
      tag: null,
    })),
  );

  of(run: string): RunNotes {
    return this.runs.get(run) ?? NOTHING;
  }

  /** What a run is called; undefined for its path. */
  nameOf(run: string): string | undefined {
    return this.of(run).name ?? this.byTemplate.get(run);
  }

  readonly refresh = oneAtATime(() => this.fetch());

  /** Follows the version that the server tells of. */
  follow(version: string): void {
    if (version !== this.answer?.revision && !this.sending) void this.refresh();
  }

  /** Changes fields of runs; `said` tells what was done, `quiet` where it can be seen anyway. */
  change(runs: readonly string[], fields: RunFields, said: string, quiet = false): void {
    this.apply(
      runs.flatMap((run) => changesOf('runs', run, this.of(run), fields)),
      said,
      quiet,
    );
  }

  apply(changes: readonly FieldChange[], said: string, quiet = false): void {
    if (changes.length === 0) return;
    this.write(changes);
    notices.did(said, () => this.write(takenBack(changes)), quiet);
  }

  /** Moves a run to the trash. Throws a ServerError that says why it stays. */
  async remove(run: string, typed: string, said: string): Promise<void> {
    const answer = await postRemoval(run, typed);
    this.answer = answer;
    notices.did(said, () => void this.restore(answer.removed.ticket));
  }

  async restore(ticket: string): Promise<void> {
    try {
      this.answer = await postReturn(ticket);
    } catch (error) {
      notices.say(reasonOf(error));
    }
  }

  private write(changes: readonly FieldChange[]): void {
    this.pending = gathered([...this.pending, ...changes]);
    if (!this.sending) void this.send();
  }

  private async send(): Promise<void> {
    this.sending = true;
    while (this.pending.length > 0) {
      [this.onTheWay, this.pending] = [this.pending, []];
      try {
        this.answer = await postChanges(this.onTheWay);
      } catch (error) {
        notices.say(reasonOf(error));
        // What was changed on top of it goes, too: it was about something that is not there.
        this.pending = [];
        await this.refresh();
      }
      this.onTheWay = [];
    }
    this.sending = false;
  }

  private async fetch(): Promise<void> {
    try {
      this.answer = await fetchNotes();
    } catch (error) {
      // Without notes the page shows all it showed before; the list of runs tells when the server is away.
      if (!(error instanceof ServerError)) throw error;
    }
  }
}

export const notes = new Notes();
