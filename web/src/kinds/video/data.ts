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

/** Seconds that a video lasts, by its file or, where a stream was recorded, by its frames; null where neither says it. */
export function lengthOf(duration: number, times: readonly number[]): number | null {
  if (Number.isFinite(duration)) return duration;
  const last = times.length - 1;
  return last < 0 ? null : times[last] + frameLength(times, last);
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
  return times[to] + frameLength(times, to) / 2;
}

/** Seconds for which a frame is shown; the last as long as the one before it. */
function frameLength(times: readonly number[], frame: number): number {
  if (times.length < 2) return USUAL_FRAME;
  const from = Math.min(frame, times.length - 2);
  return times[from + 1] - times[from];
}
