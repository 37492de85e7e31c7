// What an audio card knows of its sounds. Pure.
import { entryUrl, fileNameOf, type EntryRow } from '../../api/entries';
import { formatDuration, formatValue } from '../../charts/format';
import type { RowInfo } from '../../ui/rowInfo.svelte';

/** What the server says of one sound. */
export type Sample =
  | { error: string; label: string; bytes: number }
  | {
      error: null;
      label: string;
      bytes: number;
      media_type: string;
      /** Hz; null where neither file nor log say it. */
      sample_rate: number | null;
      channels: number | null;
      frames: number | null;
    };

export type Info = RowInfo<Sample>;

/** A sound: one of a run, at a row of its entries. */
export interface Take extends EntryRow {
  sample: number;
  /** What the server says of it; undefined until it does. */
  about: Sample | undefined;
}

/** Tells the sounds of a card from each other, whatever step they are at. */
export function takeKey({ entries, sample }: Take): string {
  return `${entries.run}\n${sample}`;
}

export function clipUrl(tag: string, { entries, row, sample }: Take): string {
  return entryUrl('audio/clip', tag, entries, row, sample > 0 ? { sample } : {});
}

/** All sounds of the rows; a row of which nothing is known yet, or that has none, has one. */
export function takesOf(rows: readonly EntryRow[], infos: ReadonlyMap<string, Info>): Take[] {
  return rows.flatMap((place) => {
    const info = infos.get(place.entries.run);
    const none: Sample | undefined = info && { error: info.error ?? '', label: '', bytes: 0 };
    const samples = info && info.samples.length > 0 ? info.samples : [none];
    return samples.map((about, sample) => ({ ...place, sample, about }));
  });
}

/** A name to save a sound under. */
export function fileName(tag: string, take: Take, mediaType: string): string {
  const end = mediaType.replace('audio/', '').replace('mpeg', 'mp3');
  return fileNameOf(tag, take, end, take.sample);
}

/** `22.05 kHz` */
export function formatRate(hertz: number): string {
  return hertz < 1000 ? `${formatValue(hertz)} Hz` : `${formatValue(hertz / 1000, 5)} kHz`;
}

/** `0.250 s` below a minute, else minutes and seconds. */
export function formatTime(seconds: number): string {
  return seconds < 60 ? `${seconds.toFixed(seconds < 10 ? 2 : 1)} s` : formatDuration(seconds);
}
