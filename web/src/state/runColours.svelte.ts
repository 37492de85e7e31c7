// The colour of each run: by a rule, unless somebody chose another. That is kept with the notes, or by the browser.
import { notes } from './notes.svelte';
import { assignSlots, colourGroup, colourRule, DASHES, PALETTE, UNGROUPED, type Theme } from './colours';

const KEY = 'runlens.colours';

export class RunColours {
  /** See `colourRule`. */
  rule = $state('run');
  private own = $state.raw<Readonly<Record<string, string>>>(read());
  private names = $state.raw<readonly string[]>([]);
  /** Slots once given by the rule `run` stay, so that a run which appears later changes no other. */
  private given: ReadonlyMap<string, number> = new Map();
  private givenFor = '';

  private readonly groups: ReadonlyMap<string, string | null> = $derived.by(() => {
    const rule = colourRule(this.rule);
    return new Map(this.names.map((name) => [name, colourGroup(rule, name)]));
  });
  private readonly slots: ReadonlyMap<string, number> = $derived.by(() => {
    const groups = [...new Set(this.groups.values())].filter((group) => group !== null);
    this.given = assignSlots(groups, this.givenFor === this.rule ? this.given : new Map());
    this.givenFor = this.rule;
    return this.given;
  });
  /** Per run how many before it have its colour. */
  private readonly places: ReadonlyMap<string, number> = $derived.by(() => {
    const taken = new Map<number | undefined, number>();
    return new Map(
      this.names.map((name) => {
        const slot = this.slots.get(this.groups.get(name) ?? '');
        const place = taken.get(slot) ?? 0;
        taken.set(slot, place + 1);
        return [name, place];
      }),
    );
  });

  /** All runs, in natural order. */
  meet(names: readonly string[]): void {
    this.names = names;
  }

  of(name: string, theme: Theme): string {
    const own = this.ownOf(name);
    if (own) return own;
    const group = this.groups.get(name);
    if (group === null) return UNGROUPED[theme];
    return PALETTE[theme][this.slots.get(group ?? name) ?? 0];
  }

  dashOf(name: string): readonly number[] {
    return DASHES[(this.places.get(name) ?? 0) % DASHES.length];
  }

  isOwn(name: string): boolean {
    return this.ownOf(name) !== undefined;
  }

  private ownOf(name: string): string | undefined {
    return notes.of(name).colour ?? (Object.hasOwn(this.own, name) ? this.own[name] : undefined);
  }

  /** Gives a run a colour of its own, `#rrggbb`; null takes it back. `said` tells what was done. */
  choose(name: string, colour: string | null, said: string): void {
    const { [name]: _, ...others } = this.own;
    if (notes.writable) notes.change([name], { colour }, said, true);
    // What the browser kept gives way to the notes.
    this.own = colour === null || notes.writable ? others : { ...others, [name]: colour };
    try {
      localStorage.setItem(KEY, JSON.stringify(this.own));
    } catch {
      // A browser that stores nothing keeps the colour until the page is left.
    }
  }
}

function read(): Record<string, string> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    const entries = Object.entries(stored ?? {}).filter(
      ([, colour]) => typeof colour === 'string' && /^#[0-9a-f]{6}$/i.test(colour),
    );
    return Object.fromEntries(entries) as Record<string, string>;
  } catch {
    return {};
  }
}
