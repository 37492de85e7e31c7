// Tables as text that spreadsheets read.

/** RFC 4180. A cell that a spreadsheet would take for a formula begins with an apostrophe: labels are anybody's text. */
export function csvCell(cell: string | number): string {
  const text = String(cell);
  const isNumber = !Number.isNaN(Number(text.replace('∞', 'Infinity')));
  const safe = /^[=+\-@\t\r]/.test(text) && !isNumber ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Each row ends its line. */
export function csvOf(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}
