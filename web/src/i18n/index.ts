// Says a text in the user's language; reading it inside a component follows a change of language.
import { preferences, type Language } from '../state/preferences.svelte';
import { CHINESE, ENGLISH, type Catalogue, type Key } from './catalogue';
import { whole } from './whole';

const CATALOGUES: Record<Language, Catalogue> = { en: ENGLISH, zh: CHINESE };

export type { Key } from './catalogue';
export { whole } from './whole';

export function t(key: Key, values: Record<string, string | number> = {}): string {
  const text = CATALOGUES[preferences.language][key];
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));
}

/** A text about a number of things: `one` for exactly one, `many` with `{count}` otherwise. */
export function count(many: Key, one: Key, number: number): string {
  return number === 1 ? t(one) : t(many, { count: whole(number) });
}

/** For numbers and dates. */
export function locale(): string {
  return preferences.language === 'zh' ? 'zh-CN' : 'en-GB';
}
