// What is put together to be compared: tags that share a chart, formulas, groups of runs, another tag as x. Pure; part
// of the link.

export interface Formula {
  /** What its card is called. */
  name: string;
  text: string;
}

export type Centre = 'mean' | 'median';
export type Band = 'std' | 'sem' | 'range' | 'bootstrap' | 'none';

export interface Compared {
  /** Per tag those that were added to its chart. */
  added: ReadonlyMap<string, readonly string[]>;
  /** `train/* with val/*`: tags that are equal but for what the * stands for share the first one's chart. */
  rules: readonly string[];
  formulas: readonly Formula[];
  /** The tag whose values are x; empty for none. */
  along: string;
  /** Which runs are one curve: none, `all`, `folder`, or `regex:` and an expression. */
  groupBy: string;
  centre: Centre;
  band: Band;
}

export const CENTRES: readonly Centre[] = ['mean', 'median'];
export const BANDS: readonly Band[] = ['std', 'sem', 'range', 'bootstrap', 'none'];

export const NOTHING_COMPARED: Compared = {
  added: new Map(),
  rules: [],
  formulas: [],
  along: '',
  groupBy: '',
  centre: 'mean',
  band: 'std',
};

/** Under this name stands the card of a formula among those of tags. */
export function formulaTag(name: string): string {
  return `= ${name}`;
}

/** The formula that a card shows; undefined for a card of tags. */
export function formulaOf(tag: string, { formulas }: Compared): Formula | undefined {
  return formulas.find(({ name }) => formulaTag(name) === tag);
}

/** A tag more in the chart of another; null where it is there already, or where both are the same. */
export function withTag(compared: Compared, card: string, tag: string): Compared | null {
  const before = compared.added.get(card) ?? [];
  if (tag === card || before.includes(tag)) return null;
  return { ...compared, added: new Map(compared.added).set(card, [...before, tag]) };
}

export function withoutTag(compared: Compared, card: string, tag: string): Compared {
  const added = new Map(compared.added);
  const left = (added.get(card) ?? []).filter((other) => other !== tag);
  if (left.length > 0) added.set(card, left);
  else added.delete(card);
  return { ...compared, added };
}

/** The patterns of a rule, each with one `*`; null for what is no rule. */
export function patternsOf(rule: string): readonly string[] | null {
  const patterns = rule.trim().split(/\s+with\s+/);
  return patterns.length > 1 && patterns.every((one) => one.split('*').length === 2) ? patterns : null;
}

/** What the `*` of a pattern stands for in a tag; null where they do not match. */
function starOf(pattern: string, tag: string): string | null {
  const [before, after] = pattern.split('*');
  const isLong = tag.length >= before.length + after.length;
  return isLong && tag.startsWith(before) && tag.endsWith(after)
    ? tag.slice(before.length, tag.length - after.length)
    : null;
}

/** Per tag the others that a rule shows in its chart. */
export type Shared = ReadonlyMap<string, readonly string[]>;

/** What is compared, and what of all tags shares a chart by that: a filter changes nothing of it. */
export interface Comparison {
  compared: Compared;
  shared: Shared;
}

/** Who shares a chart with whom. A tag that is shown so has no other with it. */
export function sharedBy(rules: readonly string[], tags: readonly string[]): Map<string, string[]> {
  const known = new Set(tags);
  const taken = new Set<string>();
  const shared = new Map<string, string[]>();
  for (const rule of rules) {
    const [first, ...rest] = patternsOf(rule) ?? [];
    if (first === undefined) continue;
    for (const tag of tags) {
      const star = starOf(first, tag);
      if (star === null || taken.has(tag)) continue;
      const others = rest
        .map((pattern) => pattern.split('*').join(star))
        .filter((other) => other !== tag && known.has(other) && !taken.has(other) && !shared.has(other));
      if (others.length === 0) continue;
      for (const other of others) taken.add(other);
      shared.set(tag, [...(shared.get(tag) ?? []), ...others]);
    }
  }
  return shared;
}

/** The cards that there are: formulas first, and of tags that share a chart only the first. */
export function cardsOf(
  { compared, shared }: Comparison,
  tags: readonly string[],
  passes: (tag: string) => boolean,
): string[] {
  const found = new Set(tags.filter(passes));
  const inside = new Set([...shared].flatMap(([card, others]) => (found.has(card) ? others : [])));
  const formulas = compared.formulas.map(({ name }) => formulaTag(name)).filter(passes);
  return [...formulas, ...[...found].filter((tag) => !inside.has(tag) && !formulas.includes(tag))];
}

/** All tags of a card, its own first. */
export function tagsOf({ compared, shared }: Comparison, card: string): string[] {
  return [...new Set([card, ...(shared.get(card) ?? []), ...(compared.added.get(card) ?? [])])];
}

/** Letters after which nothing can be told apart any more: a formula's name ends at the first equals sign. */
export function nameOfFormula(text: string): string {
  return text.replaceAll('=', ' ').trim();
}

export function writeCompared(query: URLSearchParams, compared: Compared): void {
  const { added, rules, formulas, along, groupBy, centre, band } = compared;
  // In pairs: what follows a card is added to it.
  for (const [card, tags] of added) {
    query.append('card', card);
    for (const tag of tags) query.append('add', tag);
  }
  for (const rule of rules) query.append('share', rule);
  for (const { name, text } of formulas) query.append('formula', `${name}=${text}`);
  if (along) query.set('along', along);
  if (groupBy) query.set('group_by', groupBy);
  if (centre !== 'mean') query.set('centre', centre);
  if (band !== 'std') query.set('band', band);
}

export function readCompared(query: URLSearchParams): Compared {
  let compared = NOTHING_COMPARED;
  let card: string | null = null;
  for (const [key, text] of query) {
    if (key === 'card') card = text;
    else if (key === 'add' && card !== null) compared = withTag(compared, card, text) ?? compared;
  }
  const formulas = query.getAll('formula').flatMap((both) => {
    const at = both.indexOf('=');
    const [name, text] = [nameOfFormula(both.slice(0, Math.max(0, at))), both.slice(at + 1)];
    return at > 0 && name && text ? [{ name, text }] : [];
  });
  return {
    ...compared,
    rules: query.getAll('share').filter((rule) => patternsOf(rule) !== null),
    formulas: formulas.filter(({ name }, i) => formulas.findIndex((other) => other.name === name) === i),
    along: query.get('along') ?? '',
    groupBy: query.get('group_by') ?? '',
    centre: CENTRES.find((one) => one === query.get('centre')) ?? 'mean',
    band: BANDS.find((one) => one === query.get('band')) ?? 'std',
  };
}
