// The one catalogue: the page's own texts, those that cards share, and those of each kind.
import { en } from './en';
import { entries } from './entries';
import { graph } from './kinds/graph';
import { image } from './kinds/image';
import { scalar } from './kinds/scalar';
import { text } from './kinds/text';
import { settings } from './settings';
import { zh } from './zh';

export const ENGLISH = {
  ...en,
  ...entries.en,
  ...settings.en,
  ...graph.en,
  ...image.en,
  ...scalar.en,
  ...text.en,
};

export type Key = keyof typeof ENGLISH;
export type Catalogue = Record<Key, string>;

export const CHINESE: Catalogue = {
  ...zh,
  ...entries.zh,
  ...settings.zh,
  ...graph.zh,
  ...image.zh,
  ...scalar.zh,
  ...text.zh,
};
