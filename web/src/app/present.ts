// The kinds that there is something of, with their tags.
import type { RunsAnswer } from '../api/types';
import { KINDS, type KindEntry } from '../kinds';

export interface Present {
  kind: KindEntry;
  /** Tags that a ticked run has. */
  tags: string[];
  /** What its tab counts; 0 where there is nothing to count. */
  count: number;
}

/** In the order of the list of kinds; `chosen` is there as soon as it can be. */
export function presentKinds(
  answer: RunsAnswer | null,
  ticked: ReadonlySet<string>,
  chosen: string,
): Present[] {
  const tagsOf = (kind: string): string[] => {
    const shown = new Set<number>();
    for (const run of answer?.runs ?? []) {
      if (ticked.has(run.name)) for (const tag of run.tags[kind] ?? []) shown.add(tag);
    }
    return (answer?.tags[kind] ?? []).filter((_, i) => shown.has(i));
  };
  return KINDS.flatMap((kind) => {
    const own = tagsOf(kind.name);
    if (kind.ofRuns) return answer?.runs.length ? [{ kind, tags: own, count: answer.runs.length }] : [];
    // What is looked at run by run needs no tick.
    if (kind.uncounted) {
      const tags = answer?.tags[kind.name] ?? [];
      return tags.length > 0 ? [{ kind, tags, count: 0 }] : [];
    }
    if (!kind.over) return own.length > 0 ? [{ kind, tags: own, count: own.length }] : [];
    const tags = tagsOf(kind.over);
    const wanted = own.length > 0 || chosen === kind.name;
    return wanted && tags.length > 0 ? [{ kind, tags, count: 0 }] : [];
  });
}
