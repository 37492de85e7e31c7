// How all histograms are shown: over steps or at one, and along which axis of values.
import type { ScaleKind } from '../../charts/types';

/** `runs` shows one step: all runs over each other. */
export const MODES = ['ridge', 'overlay', 'heat', 'bands', 'runs'] as const;
export type Mode = (typeof MODES)[number];

class Look {
  mode = $state<Mode>('ridge');
  scale = $state<ScaleKind>('linear');
  /** Whether the axis of values leaves out where hardly any are. */
  ignoreOutliers = $state(false);
}

export const look = new Look();
