// What is handed on as files: coordinates and labels as tables. Pure.
import { csvOf } from '../../ui/csv';

/** A line per point: its number, its labels and its place, empty where it has none. */
export function coordinatesCsv(
  places: Float32Array,
  dimensions: number,
  columns: readonly string[],
  labels: readonly (readonly string[])[],
): string {
  const axes = ['x', 'y', 'z'].slice(0, dimensions);
  const lines: (string | number)[][] = [['row', ...columns, ...axes]];
  for (let row = 0; row < places.length / 3; row++) {
    const place = axes.map((_, k) => places[3 * row + k]);
    lines.push([
      row,
      ...(labels[row] ?? columns.map(() => '')),
      ...place.map((at) => (Number.isNaN(at) ? '' : at)),
    ]);
  }
  return csvOf(lines);
}

/** As TensorFlow's projector reads it: names of columns first, where there are several. */
export function metadataTsv(columns: readonly string[], labels: readonly (readonly string[])[]): string {
  const lines = columns.length > 1 ? [columns, ...labels] : labels;
  return lines.map((cells) => `${cells.join('\t')}\n`).join('');
}
