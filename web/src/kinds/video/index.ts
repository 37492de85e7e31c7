// The video kind: per tag the videos of all runs at one step. Animated GIFs are images, and are played there.
import type { Kind } from '../types';
import VideoCard from './VideoCard.svelte';
import VideoTools from './VideoTools.svelte';

export const video: Kind = { name: 'video', Card: VideoCard, Tools: VideoTools };
