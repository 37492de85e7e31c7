// How wide a column is until somebody drags it.
import type { CellType } from './data';

/** Widths in CSS pixels that suit most cells. */
const USUAL: Partial<Record<CellType, number>> = {
  time: 164,
  text: 124,
  mixed: 124,
  state: 92,
  boolean: 84,
};
const OTHER = 108;
const NAME = 260;
const NARROW_NAME = 150;
/** A table narrower than this spares room for the names. */
const NARROW = 600;

/** Of a column of cells of a type; of the runs' names where it is null, in a table of so many pixels. */
export function usualWidth(type: CellType | undefined | null, room: number): number {
  if (type === null) return room < NARROW ? NARROW_NAME : NAME;
  return (type && USUAL[type]) ?? OTHER;
}
