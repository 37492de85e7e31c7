// The table as text: CSV by RFC 4180, Markdown as on GitHub, LaTeX with booktabs.
import { csvOf } from '../../ui/csv';

export type Format = 'csv' | 'markdown' | 'latex';

export const ENDINGS: Record<Format, string> = { csv: 'csv', markdown: 'md', latex: 'tex' };

export interface Sheet {
  heads: readonly string[];
  /** Whether each column is set right. */
  numeric: readonly boolean[];
  rows: readonly (readonly string[])[];
}

export function write(sheet: Sheet, format: Format): string {
  return { csv, markdown, latex }[format](sheet);
}

function csv({ heads, rows }: Sheet): string {
  return csvOf([heads, ...rows]);
}

function markdown({ heads, numeric, rows }: Sheet): string {
  const escaped = (text: string): string =>
    text.replace(/[\\`*_<>|[\]]/g, '\\$&').replace(/\s*\r?\n\s*/g, ' ');
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const rule = line(numeric.map((right) => (right ? '---:' : '---')));
  return line(heads.map(escaped)) + rule + rows.map((row) => line(row.map(escaped))).join('');
}

const LATEX: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '∞': '$\\infty$',
};

function latex({ heads, numeric, rows }: Sheet): string {
  const escaped = (text: string): string =>
    text.replace(/[\\~^∞]|[&%$#_{}]/g, (letter) => LATEX[letter] ?? `\\${letter}`).replace(/\s+/g, ' ');
  const line = (cells: readonly string[]): string => `  ${cells.map(escaped).join(' & ')} \\\\\n`;
  const alignment = numeric.map((right) => (right ? 'r' : 'l')).join('');
  const body = rows.map(line).join('');
  return `\\begin{tabular}{${alignment}}\n  \\toprule\n${line(heads)}  \\midrule\n${body}  \\bottomrule\n\\end{tabular}\n`;
}
