// What a card asks for and draws: for each of its tags a line of each run, or of each group of runs. Pure.
import type { LineSeries } from '../../charts/types';
import { assignSlots, colourGroup, colourRule, DASHES, PALETTE, type Theme } from '../../state/colours';
import { formulaOf, tagsOf, type Compared, type Comparison } from '../../state/compared';
import { lineOf, type Held, type Look, type Series } from '../../ui/curves';
import type { RunGroup, Wish } from '../../ui/curveFeed';
import type { Source } from './curves.svelte';

export interface Drawn {
  lines: LineSeries[];
  /** The tag and the points of each line. */
  of: { tag: string; series: Series }[];
}

/** What all tags of a card are asked with. */
export type Common = Omit<Wish, 'tag' | 'runs'>;

/** The runs of each group, by its name; `all` is what the group of all is called. Runs that a rule says nothing of are left out. */
export function groupRuns(by: string, runs: readonly string[], all: string): RunGroup[] {
  if (by === 'all') return [{ name: all, runs }];
  const groups = new Map<string, string[]>();
  const rule = colourRule(by);
  for (const run of runs) {
    const key = colourGroup(rule, run);
    if (key === null) continue;
    const name = key.split('\0').join(' · ') || '.';
    const group = groups.get(name);
    if (group) group.push(run);
    else groups.set(name, [run]);
  }
  return [...groups].map(([name, members]) => ({ name, runs: members }));
}

/** A colour for each group, by its name. */
export function groupColours(names: readonly string[], theme: Theme): (name: string) => string {
  const slots = assignSlots(names, new Map());
  return (name) => PALETTE[theme][slots.get(name) ?? 0];
}

export function dashOf(tags: readonly string[], tag: string): readonly number[] {
  return DASHES[Math.max(0, tags.indexOf(tag)) % DASHES.length];
}

/** The tags of a card, or the one that stands for its formula. */
export function cardTags(by: Comparison, card: string): string[] {
  return formulaOf(card, by.compared) ? [card] : tagsOf(by, card);
}

/** What a card asks for. Curves that are made of others are kept apart for whatever they are made with. */
export function sourcesOf(
  card: string,
  tags: readonly { tag: string; runs: readonly string[] }[],
  compared: Compared,
  common: Common,
  all: string,
): Source[] {
  const { along, groupBy, centre, band } = compared;
  const formula = formulaOf(card, compared)?.text;
  const made = { ...(formula !== undefined && { formula }), ...(along && { along }) };
  return tags.map(({ tag, runs }) => {
    const grouped = groupBy ? { groups: groupRuns(groupBy, runs, all), centre, band } : {};
    const isPlain = formula === undefined && !along && !groupBy;
    const apart = isPlain ? '' : `\n${JSON.stringify([formula, along, groupBy, centre, band, common.x])}`;
    const key = (tag === card ? tag : `${card}\n${tag}`) + apart;
    return { key, wish: { ...common, ...made, ...grouped, tag, runs } };
  });
}

/** What was held of each source, as lines. Several tags are told apart by dashes, whatever the look says. */
export function draw(sources: readonly Source[], held: readonly Held[], look: (name: string) => Look): Drawn {
  const drawn: Drawn = { lines: [], of: [] };
  const tags = sources.map(({ wish }) => wish.tag);
  sources.forEach(({ wish }, i) => {
    const names = wish.groups?.map(({ name }) => name) ?? wish.runs;
    for (const name of names) {
      const series = held[i]?.get(name);
      if (!series) continue;
      const one = look(name);
      const dash = tags.length > 1 ? dashOf(tags, wish.tag) : one.dash;
      drawn.lines.push(lineOf(series, wish.x, { ...one, dash }));
      drawn.of.push({ tag: wish.tag, series });
    }
  });
  return drawn;
}
