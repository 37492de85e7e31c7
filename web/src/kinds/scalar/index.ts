// The scalar kind: one line chart per tag.
import type { Kind } from '../types';
import ScalarCard from './ScalarCard.svelte';

export const scalar: Kind = { name: 'scalar', Card: ScalarCard };
