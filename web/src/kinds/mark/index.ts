// Moments that runs marked: the list of them. Their flags stand in the charts.
import type { Kind } from '../types';
import MarkView from './MarkView.svelte';

export const mark: Kind = { name: 'mark', View: MarkView };
