// The mesh kind: per tag the meshes and point clouds of all runs at one step.
import type { Kind } from '../types';
import MeshCard from './MeshCard.svelte';
import MeshTools from './MeshTools.svelte';

export const mesh: Kind = { name: 'mesh', Card: MeshCard, Tools: MeshTools };
