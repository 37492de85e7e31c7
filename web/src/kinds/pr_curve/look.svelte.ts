// How all curves are shown, and the rows that were read.
import { RowCache } from '../../ui/rowFeed.svelte';
import { decodeRow, type View } from './data';

class Look {
  view = $state<View>('pr');
  /** Whether lines of equal F-measure are shown. */
  levels = $state(true);
}

export const look = new Look();
export const rowCache = new RowCache(decodeRow);
