// The layout that was made in the page, kept with the notes on the logdir, or else by the browser.
import { notes } from '../../state/notes.svelte';
import { workspaces } from '../../state/workspaces.svelte';
import { fromDictionary, toDictionary, type Category } from './layout';

/** What was kept without the notes since the page was opened, as a browser may store nothing; null for what was forgotten. */
let made = $state.raw<{ logdir: string; text: string | null } | null>(null);

function keyOf(logdir: string): string {
  return `runlens.layout:${logdir}`;
}

function keptApart(logdir: string): string | null {
  if (made?.logdir === logdir) return made.text;
  try {
    return localStorage.getItem(keyOf(logdir));
  } catch {
    return null;
  }
}

function keepApart(logdir: string, text: string | null): void {
  made = { logdir, text };
  try {
    if (text === null) localStorage.removeItem(keyOf(logdir));
    else localStorage.setItem(keyOf(logdir), text);
  } catch {
    // A browser that stores nothing still shows it until the page is left.
  }
}

/** Null where none was made, or it can no longer be read. */
export function storedLayout(logdir: string): Category[] | null {
  const kept = keptApart(logdir);
  // Where the notes take nothing, what was made here goes before what they say.
  const text = notes.writable
    ? (workspaces.layout ?? (workspaces.current ? null : kept))
    : (kept ?? workspaces.layout ?? null);
  try {
    return text === null ? null : fromDictionary(text);
  } catch {
    return null;
  }
}

/** Keeps a layout; null forgets it. `said` tells what was done. */
export function storeLayout(logdir: string, categories: readonly Category[] | null, said: string): void {
  // Each entry on a line of its own, so that git can merge it.
  const text = categories && JSON.stringify(JSON.parse(toDictionary(categories)), null, 2);
  if (notes.writable) workspaces.keepLayout(text, said);
  // What the browser kept gives way to the notes.
  keepApart(logdir, notes.writable ? null : text);
}
