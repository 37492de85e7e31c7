// The scalar kind: one line chart per tag.
import type { Kind } from '../types';
import ScalarCard from './ScalarCard.svelte';
import ScalarTools from './ScalarTools.svelte';

export const scalar: Kind = { name: 'scalar', Card: ScalarCard, Tools: ScalarTools };
