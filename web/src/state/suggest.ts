// What may be meant by the beginning of a tag filter: the folders of tags, and tags.

export interface Suggestion {
  /** A folder, with its slash, or a tag. */
  name: string;
  /** How many tags a folder holds; null for a tag. */
  count: number | null;
  /** The filter that finds just it. */
  filter: string;
}

const MOST = 10;
const MOST_FOLDERS = 5;

/** Folders first; of an alternation the last part is completed. */
export function suggest(tags: readonly string[], text: string): Suggestion[] {
  const start = text.lastIndexOf('|') + 1;
  const needle = literal(text.slice(start)).toLowerCase();
  const folders = [...foldersOf(tags, needle)].slice(0, MOST_FOLDERS);
  const found = needle === '' ? [] : tags.filter((tag) => tag.toLowerCase().includes(needle));
  found.sort((a, b) => a.toLowerCase().indexOf(needle) - b.toLowerCase().indexOf(needle));
  const before = text.slice(0, start);
  return [
    ...folders.map(([name, count]) => ({ name, count, filter: `${before}^${escaped(name)}` })),
    ...found.map((name) => ({ name, count: null, filter: `${before}^${escaped(name)}$` })),
  ].slice(0, MOST);
}

/** The outermost folders that hold what is looked for in their last part. */
function foldersOf(tags: readonly string[], needle: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const tag of tags) {
    const lower = tag.toLowerCase();
    for (let cut = lower.indexOf('/'); cut >= 0; cut = lower.indexOf('/', cut + 1)) {
      // What is written out already is no suggestion; the folders below it are.
      if (!lower.slice(0, cut + 1).includes(needle) || lower.slice(0, cut + 1) === needle) continue;
      const name = tag.slice(0, cut + 1);
      counts.set(name, (counts.get(name) ?? 0) + 1);
      break;
    }
  }
  return counts;
}

/** The text that a simple expression stands for. */
function literal(expression: string): string {
  return expression
    .replace(/^\^/, '')
    .replace(/(^|[^\\])\$$/, '$1')
    .replace(/\\(.)/g, '$1');
}

function escaped(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
