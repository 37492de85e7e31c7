// What a text is, and how it is best shown. Pure.

/** A row as the server tells it: cells of a tensor of strings, row after row, as many as fit the limit. */
export interface Said {
  error: string | null;
  shape: number[];
  cells: string[];
  /** Letters of the whole text; more than were sent where it was cut. */
  letters: number;
}

export type Shape = 'json' | 'table' | 'markdown';

/** Two or more cells are a table; one cell is JSON if it reads as such, and Markdown otherwise. */
export function shapeOf({ shape, cells }: Said): Shape {
  if (shape.length > 0 && shape.reduce((size, one) => size * one, 1) > 1) return 'table';
  return isJson(cells[0] ?? '') ? 'json' : 'markdown';
}

function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The cells as lines of a table: of more than two dimensions the first slice. */
export function tableOf({ shape, cells }: Said): string[][] {
  const columns = shape.length > 1 ? shape[shape.length - 1] : 1;
  const most = shape.length > 1 ? shape[shape.length - 2] : shape[0];
  const lines: string[][] = [];
  for (let at = 0; at < cells.length && lines.length < most; at += columns) {
    lines.push(cells.slice(at, at + columns));
  }
  return lines;
}

/** The text as one string, as it is saved and compared. */
export function joined(said: Said): string {
  if (said.shape.length < 2) return said.cells.join('\n');
  const columns = Math.max(1, said.shape[said.shape.length - 1]);
  const lines: string[] = [];
  for (let at = 0; at < said.cells.length; at += columns) {
    lines.push(said.cells.slice(at, at + columns).join('\t'));
  }
  return lines.join('\n');
}

export function shown(said: Said): number {
  return said.cells.reduce((size, cell) => size + cell.length, 0);
}

/** A line longer than this goes on in the next, so that no line is too wide to be laid out. */
const LONGEST_LINE = 2000;

export function linesOf(text: string): string[] {
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    if (line.length <= LONGEST_LINE) lines.push(line);
    else for (let at = 0; at < line.length; at += LONGEST_LINE) lines.push(line.slice(at, at + LONGEST_LINE));
  }
  return lines;
}
