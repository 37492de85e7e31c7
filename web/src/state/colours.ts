// Gives each run a colour from its name, so that it keeps it everywhere; runs that would share one move apart.

export type Theme = 'light' | 'dark';

/** Twelve hues that stay apart under the common colour-vision deficiencies; at least 3:1 against the surface. */
export const PALETTE: Record<Theme, readonly string[]> = {
  light: [
    '#2563d9',
    '#d9660a',
    '#0f8a5f',
    '#c2348b',
    '#0a86ad',
    '#d13438',
    '#7847d1',
    '#857000',
    '#8c4f2b',
    '#5a6b80',
    '#e0559b',
    '#3f7d1f',
  ],
  dark: [
    '#6ea0ff',
    '#ff9a4d',
    '#3fc796',
    '#f07cc4',
    '#47c3e8',
    '#ff7b78',
    '#b394ff',
    '#d6bd3a',
    '#cf9670',
    '#a3b3c7',
    '#ffa3cf',
    '#93cf6b',
  ],
};

export const SLOTS = PALETTE.light.length;

/** FNV-1a, 32 bits (Fowler, Noll and Vo): short, well spread, the same in every browser. */
export function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) {
    hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

/**
 * A palette slot per run. `names` come in natural order; runs already in `assigned` keep their slot, so a run that
 * appears later never changes another's colour.
 */
export function assignSlots(
  names: readonly string[],
  assigned: ReadonlyMap<string, number> = new Map(),
): Map<string, number> {
  const used = new Array<number>(SLOTS).fill(0);
  const slots = new Map<string, number>();
  for (const name of names) {
    const slot = assigned.get(name);
    if (slot === undefined) continue;
    slots.set(name, slot);
    used[slot]++;
  }
  for (const name of names) {
    if (slots.has(name)) continue;
    const slot = freest(used, hashName(name) % SLOTS);
    slots.set(name, slot);
    used[slot]++;
  }
  return slots;
}

// The first slot from the preferred one on that fewest runs have.
function freest(used: readonly number[], preferred: number): number {
  const fewest = Math.min(...used);
  for (let step = 0; step < SLOTS; step++) {
    const slot = (preferred + step) % SLOTS;
    if (used[slot] === fewest) return slot;
  }
  return preferred;
}

/** Which runs share a colour: none, those of a folder, or those in which a regular expression captures the same. */
export type ColourRule = 'run' | 'folder' | RegExp;

/** Runs that a rule says nothing of. */
export const UNGROUPED: Record<Theme, string> = { light: '#8791a0', dark: '#7d8796' };

/** `run`, `folder`, or `regex:` and an expression; anything else, an expression that is none too, is `run`. */
export function colourRule(text: string): ColourRule {
  if (text === 'folder') return 'folder';
  if (!text.startsWith('regex:')) return 'run';
  try {
    return new RegExp(text.slice('regex:'.length), 'i');
  } catch {
    return 'run';
  }
}

/** The name of what shares a colour with the run; null where the rule says nothing of it. */
export function colourGroup(rule: ColourRule, run: string): string | null {
  if (rule === 'run') return run;
  if (rule === 'folder') return run.slice(0, Math.max(0, run.lastIndexOf('/')));
  const found = rule.exec(run);
  if (!found) return null;
  // Without a capture the whole match tells groups apart.
  return (found.length > 1 ? found.slice(1) : [found[0]]).map((part) => part ?? '').join('\0');
}

/** Dashes in CSS pixels, the first solid: the second channel where runs share a colour. */
export const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [9, 3, 2, 3], [12, 4]];
