// A contact sheet: the pictures of a run in one image, each with its step.
import type { Entries } from '../../api/entries';
import { pictureUrl } from './data';

const CELL = 160;
const LINE = 18;
const COLUMNS = 8;
/** More would make an image that no program opens; they are chosen at equal distances. */
export const MOST = 400;

/** Rows at equal distances, the first and the last among them; all where there are no more than `most`. */
export function spread(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, row) => row);
  return Array.from({ length: most }, (_, i) => Math.round((i * (count - 1)) / (most - 1)));
}

export async function contactSheet(tag: string, entries: Entries): Promise<Blob> {
  const rows = spread(entries.step.length, MOST);
  const columns = Math.min(COLUMNS, rows.length);
  const canvas = document.createElement('canvas');
  canvas.width = columns * CELL;
  canvas.height = Math.ceil(rows.length / columns) * (CELL + LINE);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser gives no more canvases');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.textAlign = 'center';
  context.font = '12px sans-serif';
  for (const [i, row] of rows.entries()) {
    const left = (i % columns) * CELL;
    const top = Math.floor(i / columns) * (CELL + LINE);
    const image = new Image();
    image.src = pictureUrl(tag, { entries, row, sample: 0 });
    context.fillStyle = '#1b1f26';
    context.fillText(String(entries.step[row]), left + CELL / 2, top + CELL + 13);
    if (
      !(await image.decode().then(
        () => true,
        () => false,
      ))
    )
      continue; // what cannot be shown leaves its place empty
    const scale = Math.min((CELL - 6) / image.naturalWidth, (CELL - 6) / image.naturalHeight);
    const [width, height] = [image.naturalWidth * scale, image.naturalHeight * scale];
    context.imageSmoothingEnabled = scale < 1;
    context.drawImage(image, left + (CELL - width) / 2, top + (CELL - height) / 2, width, height);
  }
  return new Promise((done, failed) => {
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error('the sheet is too large'))), 'image/png');
  });
}
