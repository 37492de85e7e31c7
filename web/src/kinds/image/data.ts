// What an image card knows of its pictures, and how it lays them out. Pure.
import { entryUrl, fileNameOf, type EntryRow } from '../../api/entries';
import { apiUrl } from '../../api/client';
import type { RowInfo } from '../../ui/rowInfo.svelte';

/** What the server says of one picture. */
export type Sample =
  | { error: string; bytes: number }
  | {
      error: null;
      bytes: number;
      media_type: string;
      width: number;
      height: number;
      /** Of an animation, how long each frame is shown, in ms; empty for a still image. */
      durations: number[];
    };

export type Info = RowInfo<Sample>;

/** A picture: one of a run, at a row of its entries. */
export interface Shot extends EntryRow {
  sample: number;
}

export function stepOf({ entries, row }: Shot): number {
  return entries.step[row];
}

export function pictureUrl(tag: string, { entries, row, sample }: Shot, frame?: number): string {
  const more: Record<string, number> = {};
  if (sample > 0) more['sample'] = sample;
  if (frame !== undefined) more['frame'] = frame;
  return entryUrl('image/picture', tag, entries, row, more);
}

export function archiveUrl(run: string, tag: string): string {
  return `${apiUrl('image/archive').href}?${new URLSearchParams({ run, tag }).toString()}`;
}

/** A name to save a picture under. */
export function fileName(tag: string, shot: Shot, mediaType: string): string {
  const end = mediaType.replace('image/', '').replace('jpeg', 'jpg');
  return fileNameOf(tag, shot, end, shot.sample);
}

/** How many columns make the cells largest, when `count` pictures of one shape share an area. */
export function columnsFor(
  count: number,
  width: number,
  height: number,
  ratio: number,
  label: number,
): number {
  let best = 1;
  let largest = 0;
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const size = Math.min(width / columns, Math.max(0, height / rows - label) * ratio);
    if (size > largest * 1.02) [best, largest] = [columns, size];
  }
  return best;
}

/** Which frame of an endless animation is shown after so many ms. */
export function frameAfter(durations: readonly number[], elapsed: number): number {
  let left = elapsed % durations.reduce((sum, duration) => sum + duration, 0);
  return Math.max(
    0,
    durations.findIndex((duration) => (left -= duration) < 0),
  );
}
