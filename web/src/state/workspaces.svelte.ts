// Views that were given a name: saved with the notes, opened by `?workspace=name`.
import { changesOf } from './noteChanges';
import { notes } from './notes.svelte';
import { CARD, preferences } from './preferences.svelte';
import { selection } from './selection.svelte';

const NOTHING = { view: null, layout: null, cards: null };

class Workspaces {
  /** The one that the page was opened with or saved as; empty for none. */
  name = $state('');
  /** Whether the link says only a name, and the view is still to come. */
  awaited = $state(false);
  /** How many were opened; views that read the selection only when they are made are made anew with each. */
  opened = $state(0);
  readonly names: readonly string[] = $derived(
    [...notes.workspaces.keys()].sort((a, b) => a.localeCompare(b, undefined, { numeric: true })),
  );
  readonly current = $derived(notes.workspaces.get(this.name));
  /** Whether the page shows something else than was saved. */
  readonly changed: boolean = $derived(
    this.current !== undefined && (this.current.view ?? []).join('&') !== selection.query,
  );
  /** What the address says: the name alone as long as that is enough. */
  readonly query: string = $derived.by(() => {
    if (!this.name) return selection.query;
    const named = linkTo(this.name);
    const isEnough = this.awaited || (this.current && !this.changed);
    return isEnough || !selection.query ? named : `${named}&${selection.query}`;
  });
  /** The layout of custom scalars, where there is one: that of the workspace, or the folder's. */
  readonly layout: string | undefined = $derived(this.current ? this.current.layout : notes.settings.layout);

  constructor(search: string) {
    const query = new URLSearchParams(search);
    this.name = query.get('workspace') ?? '';
    this.awaited = this.name !== '' && [...query.keys()].every((key) => key === 'workspace');
  }

  /** Now that the notes are here: opens what the link names. False when there is no such workspace. */
  arrive(): boolean {
    if (!this.awaited) return true;
    this.awaited = false;
    return this.open(this.name);
  }

  open(name: string): boolean {
    const saved = notes.workspaces.get(name);
    this.name = saved ? name : '';
    if (!saved) return false;
    selection.show((saved.view ?? []).join('&'));
    sizeCards(saved.cards);
    this.opened++;
    return true;
  }

  leave(): void {
    this.name = '';
  }

  save(name: string, said: string): void {
    const { cardWidth, cardHeight } = preferences;
    const cards = cardWidth === null && cardHeight === 1 ? null : JSON.stringify([cardWidth, cardHeight]);
    const view = selection.query ? selection.query.split('&') : [];
    const fields = { view, cards, layout: this.layout ?? null };
    notes.apply(changesOf('workspaces', name, notes.workspaces.get(name) ?? {}, fields), said);
    this.name = name;
  }

  rename(name: string, next: string, said: string): void {
    const saved = notes.workspaces.get(name);
    if (!saved || next === name) return;
    const [made, removed] = [
      changesOf('workspaces', next, notes.workspaces.get(next) ?? {}, { ...NOTHING, ...saved }),
      changesOf('workspaces', name, saved, NOTHING),
    ];
    notes.apply([...made, ...removed], said);
    if (this.name === name) this.name = next;
  }

  remove(name: string, said: string): void {
    notes.apply(changesOf('workspaces', name, notes.workspaces.get(name) ?? {}, NOTHING), said);
  }

  /** Keeps a layout of custom scalars; null for none. */
  keepLayout(layout: string | null, said: string): void {
    notes.apply(
      this.current
        ? changesOf('workspaces', this.name, this.current, { layout })
        : changesOf('settings', '', notes.settings, { layout }),
      said,
      true,
    );
  }
}

/** The short link's query. */
export function linkTo(name: string): string {
  return new URLSearchParams({ workspace: name }).toString();
}

function sizeCards(text: string | undefined): void {
  try {
    const [width, height] = JSON.parse(text ?? '[null, 1]') as [unknown, unknown];
    const { least, most, lowest, highest } = CARD;
    const isWidth = typeof width === 'number' && width >= least && width <= most;
    const isHeight = typeof height === 'number' && height >= lowest && height <= highest;
    preferences.choose({ cardWidth: isWidth ? width : null, cardHeight: isHeight ? height : 1 });
  } catch {
    // Somebody else's words; the cards stay as they are.
  }
}

export const workspaces = new Workspaces(location.search);
