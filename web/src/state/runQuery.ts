// A run query as text: written by menus, told from a regular expression. docs/run_query.md has the language.

/** What is wrong with a query, between two places in it, counted in code points. */
export interface Mistake {
  code: string;
  start: number;
  end: number;
  detail: string;
}

export type BestStatistic = 'last' | 'min' | 'max';

export interface Best {
  count: number;
  tag: string;
  statistic: BestStatistic;
  lowest: boolean;
}

const KEYWORDS = /^(?:and|or|not|best|by)$/i;
const WORD = /^[A-Za-z_](?:[\w./:%@#&*+-]*[\w/%@#&*+])?$/;
const BEST =
  /(?:^|\s+)(?:and\s+)?best\s+\d+\s+by\s+(?:"(?:[^"\\]|\\.)*"|[^\s"'])+(?:\s+(?:lowest|highest))?\s*$/i;
const QUERY = /\s(?:[<>]=?|!?=|==|!?~)\s|^\s*best\s+\d+\s+by\s/i;

/** A tag as a query names it: in quotes where its characters ask for them. */
export function quoted(tag: string): string {
  return WORD.test(tag) && !KEYWORDS.test(tag) ? tag : `"${tag.replace(/["\\]/g, '\\$&')}"`;
}

/** The query that asks, beside what it asked before, for the best only. */
export function withBest(query: string, { count, tag, statistic, lowest }: Best): string {
  const best = `best ${count} by ${quoted(tag)}.${statistic} ${lowest ? 'lowest' : 'highest'}`;
  return `${withoutBest(query)} ${best}`.trim();
}

export function withoutBest(query: string): string {
  return query.replace(BEST, '').trim();
}

export function hasBest(query: string): boolean {
  return BEST.test(query);
}

/** Whether somebody who typed this means a query: a comparison between spaces is hardly part of a name. */
export function looksLikeQuery(text: string): boolean {
  return QUERY.test(text);
}
