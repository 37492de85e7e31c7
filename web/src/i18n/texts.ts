// Texts of one part of the page in both languages, side by side.

export interface Texts<Key extends string> {
  en: Record<Key, string>;
  zh: Record<Key, string>;
}

/** Both languages must say the same things: the English keys are the ones there are. */
export function texts<Key extends string>(
  en: Record<Key, string>,
  zh: Record<NoInfer<Key>, string>,
): Texts<Key> {
  return { en, zh };
}
