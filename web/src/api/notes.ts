// What people say of runs, and how they look at them (docs/manage.md).
import { ask, postJson } from './client';

export interface RunNotes {
  name?: string;
  /** Markdown. */
  note?: string;
  tags?: string[];
  group?: string;
  /** `#rrggbb` */
  colour?: string;
  star?: true;
  hidden?: true;
  archived?: true;
}

export interface Workspace {
  /** Parameters of the link, one each. */
  view?: string[];
  /** The layout of custom scalars. */
  layout?: string;
  /** Width and height of cards, as JSON. */
  cards?: string;
}

export interface NotesSettings {
  name_template?: string;
  layout?: string;
}

/** A folder in the trash: what it is called there, and the run that it was. */
export interface Removed {
  ticket: string;
  run: string;
}

export interface NotesAnswer {
  revision: string;
  file: string;
  writable: boolean;
  problems: string[];
  settings: NotesSettings;
  runs: Record<string, RunNotes>;
  workspaces: Record<string, Workspace>;
  /** What was moved out of the way; null where the page may not do so. */
  trash: Removed[] | null;
  /** What runs are called by the template. */
  names: Record<string, string>;
}

export type Section = 'settings' | 'runs' | 'workspaces';
export type Value = string | true | string[];

/** A field's new value, and the one that it is believed to have; null for none. */
export interface FieldChange {
  section: Section;
  name: string;
  field: string;
  was: Value | null;
  value: Value | null;
}

export async function fetchNotes(): Promise<NotesAnswer> {
  return (await (await ask('notes', {})).json()) as NotesAnswer;
}

/** All or none; a ServerError of status 409 says that somebody else changed one of the fields. */
export function postChanges(changes: readonly FieldChange[]): Promise<NotesAnswer> {
  return postJson<NotesAnswer>('notes/change', { changes });
}

/** `typed` is the path of the run, as a person typed it. */
export function postRemoval(run: string, typed: string): Promise<NotesAnswer & { removed: Removed }> {
  return postJson('notes/remove', { run, typed });
}

export function postReturn(ticket: string): Promise<NotesAnswer> {
  return postJson('notes/restore', { ticket });
}
