// What the server's JSON answers look like (docs/http_api.md).

export type LoadState = 'missing' | 'loading' | 'ready';

export interface Progress {
  bytes_read: number;
  bytes_total: number;
  files_read: number;
  files_total: number;
  /** How long the rest takes at the speed so far; null before there is one. */
  seconds_left: number | null;
}

/** A run that is the part `label` of another, or of a folder without event files of its own. */
export interface Fold {
  parent: string;
  label: string;
  of: 'add_scalars' | 'add_hparams';
}

export interface Run {
  name: string;
  /** Seconds since the epoch of the first record; null when nothing was logged yet. */
  start: number | null;
  end: number | null;
  /** Per kind, indices into the answer's `tags` of that kind. */
  tags: Record<string, number[]>;
  points: number;
  fold?: Fold;
}

export interface Problem {
  path: string;
  offset: number | null;
  length: number | null;
  reason: string;
  /** When the file says of this tag something else than was said before. */
  tag: string | null;
}

export interface RunsAnswer {
  revision: number;
  logdir: string;
  state: LoadState;
  progress: Progress;
  window_title: string;
  version: string;
  tags: Record<string, string[]>;
  /** What to call the tags that were given another name. */
  titles: Record<string, string>;
  runs: Run[];
  problems: Problem[];
}

export interface HelloEvent {
  /** Which version of the notes there is. */
  notes: string;
  revision: number;
  state: LoadState;
}

export interface ChangeEvent {
  notes: string;
  revision: number;
  tree: boolean;
  runs: string[];
}

export interface ProgressEvent extends Progress {
  state: LoadState;
}
