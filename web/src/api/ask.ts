// How a card asks for its part of an answer, and hears of changes.
import type { Column } from './payload';

/** A question's part of an answer: its chart from the header, and the columns it points into. */
export interface Part {
  chart: unknown;
  columns: Column[];
}

/** Asks the server; questions of one frame travel together. */
export type Ask = (query: string, question: object, signal: AbortSignal) => Promise<Part>;

/** Calls `changed` when runs got new data; returns how to stop. */
export type OnChange = (changed: (runs: ReadonlySet<string> | 'all') => void) => () => void;
