// The image kind: per tag the pictures of all runs at one step.
import type { Kind } from '../types';
import ImageCard from './ImageCard.svelte';
import ImageTools from './ImageTools.svelte';

export const image: Kind = { name: 'image', Card: ImageCard, Tools: ImageTools };
