// The one catalogue: the page's own texts, those that cards share, and those of each kind.
import { en } from './en';
import { entries } from './entries';
import { customScalars } from './kinds/custom_scalars';
import { graph } from './kinds/graph';
import { histogram } from './kinds/histogram';
import { embedding } from './kinds/embedding';
import { image } from './kinds/image';
import { prCurve } from './kinds/pr_curve';
import { text } from './kinds/text';
import { zh } from './zh';

export const ENGLISH = {
  ...en,
  ...entries.en,
  ...customScalars.en,
  ...embedding.en,
  ...graph.en,
  ...histogram.en,
  ...image.en,
  ...prCurve.en,
  ...text.en,
};

export type Key = keyof typeof ENGLISH;
export type Catalogue = Record<Key, string>;

export const CHINESE: Catalogue = {
  ...zh,
  ...entries.zh,
  ...customScalars.zh,
  ...embedding.zh,
  ...graph.zh,
  ...histogram.zh,
  ...image.zh,
  ...prCurve.zh,
  ...text.zh,
};
