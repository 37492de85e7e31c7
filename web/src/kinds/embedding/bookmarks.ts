// Named looks of a folder's embeddings, which the browser keeps; as JSON for other browsers.
import { lookOf, type Saved } from './look';

export interface Bookmark {
  name: string;
  /** One, or two side by side. */
  looks: readonly Saved[];
}

const KEY = 'runlens.projector.bookmarks';
const FORMAT = 'runlens projector bookmarks';

export function readBookmarks(logdir: string): Bookmark[] {
  return bookmarksOf(stored()[logdir]);
}

/** Says whether the browser keeps them. */
export function keepBookmarks(logdir: string, bookmarks: readonly Bookmark[]): boolean {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...stored(), [logdir]: bookmarks }));
    return true;
  } catch {
    return false; // full, or forbidden; they last as long as the page
  }
}

export function toJson(bookmarks: readonly Bookmark[]): string {
  return JSON.stringify({ format: FORMAT, bookmarks }, null, 1);
}

/** What a file holds; null where it holds no bookmarks. */
export function fromJson(text: string): Bookmark[] | null {
  try {
    const { format, bookmarks } = JSON.parse(text) as Record<string, unknown>;
    return format === FORMAT ? bookmarksOf(bookmarks) : null;
  } catch {
    return null;
  }
}

/** The old with the new; one of the same name is replaced. */
export function joined(old: readonly Bookmark[], more: readonly Bookmark[]): Bookmark[] {
  return [...new Map([...old, ...more].map((bookmark) => [bookmark.name, bookmark])).values()];
}

function stored(): Record<string, unknown> {
  try {
    return (JSON.parse(localStorage.getItem(KEY) ?? '{}') ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function bookmarksOf(value: unknown): Bookmark[] {
  if (!Array.isArray(value)) return [];
  return (value as unknown[]).flatMap((one): Bookmark[] => {
    const { name, looks } = (one ?? {}) as Record<string, unknown>;
    const isOne = typeof name === 'string' && Array.isArray(looks) && looks.length > 0;
    return isOne ? [{ name, looks: (looks as unknown[]).slice(0, 2).map(lookOf) }] : [];
  });
}
