// Hyper-parameters and results: the table of all runs.
import type { Kind } from '../types';
import HparamsView from './HparamsView.svelte';

export const hparams: Kind = { name: 'hparams', View: HparamsView };
