// The circumstances of runs: what they were started with, on which machine, from which code.
import type { Kind } from '../types';
import RunInfoView from './RunInfoView.svelte';

export const runInfo: Kind = { name: 'run_info', View: RunInfoView };
