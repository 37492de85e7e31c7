// Which runs are listed by what is said of them: `star`, `tag:best`, `group:baselines`, `archived`. Pure.
import type { RunNotes } from '../api/notes';

export const ARCHIVED = 'archived';
export const STAR = 'star';

/** Any of the tags, any of the groups, and the star; archived runs alone, or all others. */
export function isListed(only: readonly string[], said: RunNotes, isArchived: boolean): boolean {
  if (only.includes(ARCHIVED) !== isArchived) return false;
  if (only.includes(STAR) && !said.star) return false;
  const tags = wanted(only, 'tag:');
  if (tags.length > 0 && !tags.some((tag) => said.tags?.includes(tag))) return false;
  const groups = wanted(only, 'group:');
  return groups.length === 0 || groups.includes(said.group ?? '');
}

function wanted(only: readonly string[], prefix: string): string[] {
  return only.filter((mark) => mark.startsWith(prefix)).map((mark) => mark.slice(prefix.length));
}

/** How many runs have each tag or group, by name. */
export function tally(
  runs: readonly RunNotes[],
  field: (said: RunNotes) => readonly string[],
): [string, number][] {
  const counts = new Map<string, number>();
  for (const said of runs) for (const name of field(said)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a.localeCompare(b, undefined, { numeric: true }));
}
