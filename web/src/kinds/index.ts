// The one list of kinds; each is loaded when a logdir has tags of it.
import type { Key } from '../i18n';
import { cardsOf, type Comparison } from '../state/compared';
import type { Kind } from './types';

export interface KindEntry {
  name: string;
  title: Key;
  /** Its code; null where the page brings it, as nearly every logdir has the kind (usual.ts). */
  load: (() => Promise<Kind>) | null;
  /** Height of its cards on the board in CSS pixels; null for a kind that has a view of its own. */
  height: number | null;
  /** Name of a kind whose tags it arranges: it is shown them instead of its own, and can be had wherever they are. */
  over?: string;
  /** Which cards there are for its tags, of those that a filter lets through; without it, one a tag. */
  arrange?: (by: Comparison, tags: readonly string[], passes: (tag: string) => boolean) => string[];
  /** It is about runs, ticked or not: its tab is there whatever was logged. */
  ofRuns?: boolean;
  /** All runs have the same tag of it, so there is nothing to count; its tab is there whichever runs are ticked. */
  uncounted?: boolean;
}

export const KINDS: readonly KindEntry[] = [
  {
    name: 'hparams',
    title: 'hparamsTitle',
    load: async () => (await import('./hparams')).hparams,
    height: null,
    ofRuns: true,
  },
  {
    name: 'scalar',
    title: 'scalarTitle',
    load: null,
    height: 264,
    arrange: cardsOf,
  },
  {
    name: 'image',
    title: 'imageTitle',
    load: async () => (await import('./image')).image,
    height: 320,
  },
  {
    name: 'text',
    title: 'textTitle',
    load: async () => (await import('./text')).text,
    height: 320,
  },
  {
    name: 'audio',
    title: 'audioTitle',
    load: async () => (await import('./audio')).audio,
    height: 348,
  },
  {
    name: 'video',
    title: 'videoTitle',
    load: async () => (await import('./video')).video,
    height: 340,
  },
  {
    name: 'histogram',
    title: 'histogramTitle',
    load: async () => (await import('./histogram')).histogram,
    height: 360,
  },
  {
    name: 'pr_curve',
    title: 'prCurveTitle',
    load: async () => (await import('./pr_curve')).prCurve,
    height: 360,
  },
  {
    name: 'custom_scalars',
    title: 'customScalarsTitle',
    load: async () => (await import('./custom_scalars')).customScalars,
    height: null,
    over: 'scalar',
  },
  {
    name: 'mesh',
    title: 'meshTitle',
    load: async () => (await import('./mesh')).mesh,
    height: 340,
  },
  {
    name: 'graph',
    title: 'graphTitle',
    load: async () => (await import('./graph')).graph,
    height: null,
  },
  {
    name: 'embedding',
    title: 'embeddingTitle',
    load: async () => (await import('./embedding')).embedding,
    height: null,
  },
  {
    name: 'mark',
    title: 'markTitle',
    load: async () => (await import('./mark')).mark,
    height: null,
  },
  {
    name: 'run_info',
    title: 'runInfoTitle',
    load: async () => (await import('./run_info')).runInfo,
    height: null,
    uncounted: true,
  },
];
