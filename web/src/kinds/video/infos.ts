// What is known of the videos in rows.
import { RowInfos } from '../../ui/rowInfo.svelte';
import type { Sample } from './data';

export const infos = new RowInfos<Sample>();
