// What a kind offers to the page, and what the page hands to a kind's card.
import type { Component } from 'svelte';
import type { Ask, OnChange } from '../api/ask';
import type { Key } from '../i18n';

export interface CardProps {
  tag: string;
  /** The group's name, which the title repeats dimly. */
  group: string;
  /** Names of the ticked runs that have the tag, in the list's order. */
  runs: readonly string[];
  /** The ticked runs that have another tag of the kind. */
  runsOf: (tag: string) => readonly string[];
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
  /** The ticked runs that have a tag; all of them for a kind that is looked at run by run (`uncounted`). */
  runsOf: (tag: string) => readonly string[];
  ask: Ask;
  /** Asks the kind that this one lies over, whose tags and runs the above are; `ask` itself where it lies over none. */
  askOver: Ask;
  onChange: OnChange;
  /** Tells the folder that is shown from others, for what a view keeps of it. */
  logdir: string;
}

/** Keys, as they are written on them, and what they do. */
export interface Shortcut {
  keys: readonly string[];
  does: Key;
}

/** A kind has a card, of which the board shows one a tag, or a view, which has the page for itself. */
export interface Kind {
  name: string;
  Card?: Component<CardProps>;
  View?: Component<ViewProps>;
  /** What all its cards share, such as smoothing: shown in the header. */
  Tools?: Component;
  /** Keys that it hears, for the page's list of them. */
  shortcuts?: readonly Shortcut[];
}
