// The audio kind: per tag the sounds of all runs at one step.
import type { Kind } from '../types';
import AudioCard from './AudioCard.svelte';
import AudioTools from './AudioTools.svelte';

export const audio: Kind = { name: 'audio', Card: AudioCard, Tools: AudioTools };
