// The layout that was made in the page, kept with the notes on the logdir, or else by the browser.
import { notes } from '../../state/notes.svelte';
import { workspaces } from '../../state/workspaces.svelte';
import { fromDictionary, toDictionary, type Category } from './layout';

function keyOf(logdir: string): string {
  return `runlens.layout:${logdir}`;
}

/** Null where none was made, or it can no longer be read. */
export function storedLayout(logdir: string): Category[] | null {
  try {
    const kept = workspaces.current ? null : localStorage.getItem(keyOf(logdir));
    const text = workspaces.layout ?? kept;
    return text === null ? null : fromDictionary(text);
  } catch {
    return null;
  }
}

/** Keeps a layout; null forgets it. `said` tells what was done. */
export function storeLayout(logdir: string, categories: readonly Category[] | null, said: string): void {
  try {
    // Each entry on a line of its own, so that git can merge it.
    const text = categories && JSON.stringify(JSON.parse(toDictionary(categories)), null, 2);
    if (notes.writable) workspaces.keepLayout(text, said);
    // What the browser kept gives way to the notes.
    if (text === null || notes.writable) localStorage.removeItem(keyOf(logdir));
    else localStorage.setItem(keyOf(logdir), text);
  } catch {
    // A browser that stores nothing still shows it until the page is left.
  }
}
