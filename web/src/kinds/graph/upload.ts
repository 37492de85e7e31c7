// A graph from a file of the user's: the server reads it and keeps nothing, so the file goes there once per question.
import { postBytes } from '../../api/client';
import { decodeGraph, type GraphHeader } from './data';
import type { NodeFacts, Source } from './source.svelte';

interface Answer<Chart> {
  charts: [Chart];
}

let count = 0;

export function uploaded(file: File): Source {
  const path = (more: Record<string, string>): string =>
    `graph/upload?${new URLSearchParams({ name: file.name, ...more }).toString()}`;
  let loaded: ReturnType<Source['load']> | null = null;
  const load = async (signal: AbortSignal): ReturnType<Source['load']> => {
    const { header, columns } = await postBytes<Answer<GraphHeader>>(path({}), file, signal);
    return decodeGraph({ chart: header.charts[0], columns });
  };
  return {
    key: `upload ${++count}`,
    title: file.name,
    entry: null,
    load: async (signal) => {
      loaded ??= load(signal);
      try {
        return await loaded;
      } catch (error) {
        loaded = null;
        throw error;
      }
    },
    node: async (node, signal) =>
      (await postBytes<Answer<NodeFacts>>(path({ node: String(node) }), file, signal)).header.charts[0],
  };
}
