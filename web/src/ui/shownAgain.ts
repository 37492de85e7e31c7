// What is said, and can be taken back, where ticking hidden runs showed them again.
import { t, whole } from '../i18n';
import { notes } from '../state/notes.svelte';

export function shownAgain(runs: readonly string[]): string {
  if (runs.length !== 1) return t('shownRunsAgain', { count: whole(runs.length) });
  return t('shownAgain', { run: notes.nameOf(runs[0]) ?? runs[0] });
}
