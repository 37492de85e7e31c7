// The text kind: per tag what all runs say at one step.
import type { Kind } from '../types';
import TextCard from './TextCard.svelte';
import TextTools from './TextTools.svelte';

export const text: Kind = { name: 'text', Card: TextCard, Tools: TextTools };
