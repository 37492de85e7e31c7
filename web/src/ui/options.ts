// The choices that several controls of curves offer, in the user's language.
import { t } from '../i18n';
import type { Scale } from '../state/url';

export interface Option<Value extends string> {
  value: Value;
  label: string;
}

export function scaleOptions(): Option<Scale>[] {
  return [
    { value: 'linear', label: t('scaleLinear') },
    { value: 'log', label: t('scaleLog') },
    { value: 'symlog', label: t('scaleSymlog') },
  ];
}
