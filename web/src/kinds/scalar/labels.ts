// What bands and middles of groups are called.
import type { Key } from '../../i18n';
import type { Band, Centre } from '../../state/compared';

export const BAND_LABELS: Record<Band, Key> = {
  std: 'bandStd',
  sem: 'bandSem',
  range: 'bandRange',
  bootstrap: 'bandBootstrap',
  none: 'bandNone',
};

export const CENTRE_LABELS: Record<Centre, Key> = { mean: 'centreMean', median: 'centreMedian' };
