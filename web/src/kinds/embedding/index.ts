// The embedding kind: points in many dimensions, projected to two or three.
import type { Kind } from '../types';
import EmbeddingView from './EmbeddingView.svelte';

export const embedding: Kind = { name: 'embedding', View: EmbeddingView };
