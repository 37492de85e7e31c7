// How wide a text is, and how much of it fits.
import { SANS } from './pen';

export type Measure = (text: string, size: number, weight: number) => number;

const MOST_KEPT = 20_000;

/** Measures on a canvas of its own; what was measured once is known. */
export function makeMeasure(): Measure {
  const context = document.createElement('canvas').getContext('2d');
  const known = new Map<string, number>();
  return (text, size, weight) => {
    const key = `${weight} ${size} ${text}`;
    const width = known.get(key);
    if (width !== undefined) return width;
    if (known.size > MOST_KEPT) known.clear();
    if (context) context.font = `${weight} ${size}px ${SANS}`;
    const measured = context?.measureText(text).width ?? text.length * size * 0.6;
    known.set(key, measured);
    return measured;
  };
}

/** The text, its end replaced by `…` where it is too wide. */
export function fitted(text: string, room: number, size: number, weight: number, measure: Measure): string {
  if (measure(text, size, weight) <= room) return text;
  let [fits, tooLong] = [0, text.length];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (measure(`${text.slice(0, middle)}…`, size, weight) <= room) fits = middle;
    else tooLong = middle;
  }
  return fits === 0 ? '' : `${text.slice(0, fits)}…`;
}
