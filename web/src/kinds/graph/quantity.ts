// Counts, bytes and times in few letters.

const UNITS = ['', 'k', 'M', 'G', 'T', 'P', 'E'];

/** 11,689,512 -> 11.7M; '' for what is not known. */
export function countText(value: number): string {
  return Number.isFinite(value) ? withUnit(value, 1000, UNITS, '') : '';
}

export function bytesText(value: number): string {
  return Number.isFinite(value) ? withUnit(value, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'], ' ') : '';
}

/** Of microseconds. */
export function timeText(value: number): string {
  return Number.isFinite(value) ? withUnit(value, 1000, ['µs', 'ms', 's', 'ks'], ' ') : '';
}

function withUnit(value: number, base: number, units: readonly string[], space: string): string {
  let unit = 0;
  while (unit < units.length - 1 && Math.abs(value) >= base * 0.9995) {
    value /= base;
    unit++;
  }
  const digits = unit === 0 || Math.abs(value) >= 99.95 ? 0 : Math.abs(value) >= 9.995 ? 1 : 2;
  const text = Number.isInteger(value) ? String(value) : String(Number(value.toFixed(digits || 1)));
  return units[unit] ? `${text}${space}${units[unit]}` : text;
}
