// How all texts are shown.
export type TextMode = 'formatted' | 'plain' | 'changes';

class TextView {
  mode = $state<TextMode>('formatted');
  /** What changes are shown against: a run's name, or null for the step before. */
  against = $state<string | null>(null);
}

export const textView = new TextView();
