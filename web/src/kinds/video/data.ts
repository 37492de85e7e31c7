// What a video card knows of its videos. Pure.
import { entryUrl, fileNameOf, type EntryRow } from '../../api/entries';
import type { RowInfo } from '../../ui/rowInfo.svelte';

/** What the server says of a video. */
export interface Sample {
  error: null;
  bytes: number;
  media_type: string;
  /** When each frame is shown, in seconds from the first; empty where the file does not say. */
  times: number[];
}

export type Info = RowInfo<Sample>;

/** Seconds of a frame where a file does not say. */
const USUAL_FRAME = 1 / 30;

export function clipUrl(tag: string, { entries, row }: EntryRow): string {
  return entryUrl('video/clip', tag, entries, row);
}

/** A name to save a video under. */
export function fileName(tag: string, place: EntryRow, mediaType: string): string {
  return fileNameOf(tag, place, mediaType.replace('video/', ''));
}

/** The frame that is shown at a time: the last that has begun. */
export function frameAt(times: readonly number[], seconds: number): number {
  let [low, high] = [0, times.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    // Players tell times rounded to microseconds.
    if (times[middle] <= seconds + 1e-5) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

/** A time at which the frame `by` frames away is shown: its middle, where rounding does no harm. */
export function timeOfStep(times: readonly number[], seconds: number, by: number): number {
  if (times.length === 0) return Math.max(0, seconds + by * USUAL_FRAME);
  const to = Math.min(Math.max(frameAt(times, seconds) + by, 0), times.length - 1);
  const length = to + 1 < times.length ? times[to + 1] - times[to] : times[to] - (times[to - 1] ?? 0);
  return times[to] + length / 2;
}
