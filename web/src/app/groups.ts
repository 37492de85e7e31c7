// Sorts tags into groups by the first segment of their names.

export interface Tag {
  kind: string;
  name: string;
}

export interface TagGroup {
  /** The first path segment; empty for tags without one. */
  name: string;
  tags: Tag[];
}

/** The name of the one group that holds what a filter found; no tag's first segment can contain a slash. */
export const MATCHES = '/';

/** The name of the group on top, whose cards were pinned. */
export const PINNED = '//';

export function groupOf(tag: string): string {
  const cut = tag.indexOf('/');
  return cut > 0 ? tag.slice(0, cut) : '';
}

/** Groups in natural order, those without a segment first; tags keep the order in which they come. */
export function groupTags(tags: readonly Tag[]): TagGroup[] {
  const groups = new Map<string, TagGroup>();
  for (const tag of tags) {
    const name = groupOf(tag.name);
    const group = groups.get(name);
    if (group) group.tags.push(tag);
    else groups.set(name, { name, tags: [tag] });
  }
  const order = new Intl.Collator(undefined, { numeric: true });
  return [...groups.values()].sort((a, b) => order.compare(a.name, b.name));
}
