// The layout that was made in the page, kept by the browser for each logdir.
import { fromDictionary, toDictionary, type Category } from './layout';

function keyOf(logdir: string): string {
  return `runlens.layout:${logdir}`;
}

/** Null where none was made, or it can no longer be read. */
export function storedLayout(logdir: string): Category[] | null {
  try {
    const text = localStorage.getItem(keyOf(logdir));
    return text === null ? null : fromDictionary(text);
  } catch {
    return null;
  }
}

/** Keeps a layout; null forgets it. */
export function storeLayout(logdir: string, categories: readonly Category[] | null): void {
  try {
    if (categories === null) localStorage.removeItem(keyOf(logdir));
    else localStorage.setItem(keyOf(logdir), toDictionary(categories));
  } catch {
    // A browser that stores nothing still shows it until the page is left.
  }
}
