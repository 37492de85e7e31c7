// The one catalogue: the page's own texts, those that cards share, and those of each kind.
import { en } from './en';
import { entries } from './entries';
import { graph } from './kinds/graph';
import { hparams } from './kinds/hparams';
import { image } from './kinds/image';
import { text } from './kinds/text';
import { zh } from './zh';

export const ENGLISH = { ...en, ...entries.en, ...graph.en, ...hparams.en, ...image.en, ...text.en };

export type Key = keyof typeof ENGLISH;
export type Catalogue = Record<Key, string>;

export const CHINESE: Catalogue = {
  ...zh,
  ...entries.zh,
  ...graph.zh,
  ...hparams.zh,
  ...image.zh,
  ...text.zh,
};
