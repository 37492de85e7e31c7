// The histogram kind: per tag the histograms of each run over its steps, or of all runs at one step.
import type { Kind } from '../types';
import HistogramCard from './HistogramCard.svelte';
import HistogramTools from './HistogramTools.svelte';

export const histogram: Kind = { name: 'histogram', Card: HistogramCard, Tools: HistogramTools };
