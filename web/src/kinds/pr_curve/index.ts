// The kind of precision-recall curves: per tag the curves of all runs at one step.
import type { Kind } from '../types';
import PrCurveCard from './PrCurveCard.svelte';
import PrCurveTools from './PrCurveTools.svelte';

export const prCurve: Kind = { name: 'pr_curve', Card: PrCurveCard, Tools: PrCurveTools };
