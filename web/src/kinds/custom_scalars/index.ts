// The kind of layouts: charts that several scalars share.
import CurveTools from '../../ui/CurveTools.svelte';
import type { Kind } from '../types';
import CustomScalarsView from './CustomScalarsView.svelte';

export const customScalars: Kind = { name: 'custom_scalars', View: CustomScalarsView, Tools: CurveTools };
