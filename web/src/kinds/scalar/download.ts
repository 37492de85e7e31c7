// What a chart is saved as: its numbers by a link to the server, and the names of files.
import { apiUrl } from '../../api/client';
import type { Wish } from '../../ui/curveFeed';

/** All points of the chart's runs, as logged. */
export function fileUrl(
  { tag, runs, formula }: Pick<Wish, 'tag' | 'runs' | 'formula'>,
  format: 'csv' | 'json',
): string {
  const query = new URLSearchParams({ tag, runs: JSON.stringify(runs), format });
  if (formula !== undefined) query.set('formula', formula);
  return `${apiUrl('scalar/file').href}?${query.toString()}`;
}

export function fileName(tag: string, extension: string): string {
  const plain = tag.replace(/[^\p{L}\p{N}.-]+/gu, '_').replace(/^_+|_+$/g, '');
  return `${plain || 'chart'}.${extension}`;
}
