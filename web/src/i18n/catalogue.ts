// The one catalogue: the page's own texts, those that cards share, and those of each kind.
import { en } from './en';
import { compared } from './compared';
import { entries } from './entries';
import { runQuery } from './run_query';
import { settings } from './settings';
import { audio } from './kinds/audio';
import { customScalars } from './kinds/custom_scalars';
import { embedding } from './kinds/embedding';
import { graph } from './kinds/graph';
import { histogram } from './kinds/histogram';
import { hparams } from './kinds/hparams';
import { image } from './kinds/image';
import { mark } from './kinds/mark';
import { manage } from './manage';
import { mesh } from './kinds/mesh';
import { prCurve } from './kinds/pr_curve';
import { runInfo } from './kinds/run_info';
import { scalar } from './kinds/scalar';
import { text } from './kinds/text';
import { video } from './kinds/video';
import { workspaces } from './workspaces';
import { zh } from './zh';

export const ENGLISH = {
  ...en,
  ...compared.en,
  ...entries.en,
  ...runQuery.en,
  ...settings.en,
  ...manage.en,
  ...workspaces.en,
  ...audio.en,
  ...customScalars.en,
  ...embedding.en,
  ...graph.en,
  ...histogram.en,
  ...hparams.en,
  ...image.en,
  ...mark.en,
  ...mesh.en,
  ...prCurve.en,
  ...runInfo.en,
  ...scalar.en,
  ...text.en,
  ...video.en,
};

export type Key = keyof typeof ENGLISH;
export type Catalogue = Record<Key, string>;

export const CHINESE: Catalogue = {
  ...zh,
  ...compared.zh,
  ...entries.zh,
  ...runQuery.zh,
  ...settings.zh,
  ...manage.zh,
  ...workspaces.zh,
  ...audio.zh,
  ...customScalars.zh,
  ...embedding.zh,
  ...graph.zh,
  ...histogram.zh,
  ...hparams.zh,
  ...image.zh,
  ...mark.zh,
  ...mesh.zh,
  ...prCurve.zh,
  ...runInfo.zh,
  ...scalar.zh,
  ...text.zh,
  ...video.zh,
};
