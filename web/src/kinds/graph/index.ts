// The graph kind: models as nested boxes and the tensors that flow between them.
import type { Kind } from '../types';
import GraphView from './GraphView.svelte';
import { SHORTCUTS } from './keys';

export const graph: Kind = { name: 'graph', View: GraphView, shortcuts: SHORTCUTS };
