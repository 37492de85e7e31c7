// Takes back what was done last, and says so.
import { t } from '../i18n';
import { notices } from '../state/notices.svelte';

export function undo(): void {
  const text = notices.undo();
  if (text !== null) notices.say(t('undone', { text }));
}
