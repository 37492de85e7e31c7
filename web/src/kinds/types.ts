// What a kind offers to the page, and what the page hands to a kind's card.
import type { Component } from 'svelte';
import type { Column } from '../api/payload';

/** A question's part of an answer: its chart from the header, and the columns it points into. */
export interface Part {
  chart: unknown;
  columns: Column[];
}

/** Asks the server; questions of one frame travel together. */
export type Ask = (query: string, question: object, signal: AbortSignal) => Promise<Part>;

/** Calls `changed` when runs got new data; returns how to stop. */
export type OnChange = (changed: (runs: ReadonlySet<string> | 'all') => void) => () => void;

export interface CardProps {
  tag: string;
  /** The group's name, which the title repeats dimly. */
  group: string;
  /** Names of the ticked runs that have the tag, in the list's order. */
  runs: readonly string[];
  wide: boolean;
  /** Null where a card fills its row anyway. */
  onWide: (() => void) | null;
  ask: Ask;
  onChange: OnChange;
}

export interface ViewProps {
  /** Names of the ticked runs, in the list's order. */
  runs: readonly string[];
  /** Tags of the kind that a ticked run has and the filter lets through. */
  tags: readonly string[];
  /** The ticked runs that have a tag. */
  runsOf: (tag: string) => readonly string[];
  ask: Ask;
  onChange: OnChange;
}

/** A kind has a card, of which the board shows one a tag, or a view, which has the page for itself. */
export interface Kind {
  name: string;
  Card?: Component<CardProps>;
  View?: Component<ViewProps>;
  /** What all its cards share, such as smoothing: shown in the header. */
  Tools?: Component;
}
