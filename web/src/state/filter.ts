// Compiles what the user typed into a filter; while a regular expression is unfinished the last valid one holds.
import { reasonOf } from '../api/client';

export interface Filter {
  text: string;
  regex: RegExp | null;
  /** The engine's complaint about `text`; null when it is valid. */
  error: string | null;
}

export const NO_FILTER: Filter = { text: '', regex: null, error: null };

export function compileFilter(text: string, previous: Filter = NO_FILTER): Filter {
  if (text === '') return NO_FILTER;
  try {
    return { text, regex: new RegExp(text, 'i'), error: null };
  } catch (error) {
    return { text, regex: previous.regex, error: reasonOf(error) };
  }
}

export function matches(filter: Filter, name: string): boolean {
  return filter.regex === null || filter.regex.test(name);
}
