// The picture as SVG and PNG files.
import { paint, type Picture } from './paint';
import { canvasPen, SvgPen } from './pen';

const MARGIN = 24;
const PNG_SCALE = 3;
/** What every browser's canvas can hold, in pixels of one side and of all. */
const LONGEST_SIDE = 16_000;
const MOST_PIXELS = 120e6;

export function asSvg(picture: Picture): Blob {
  const pen = new SvgPen();
  const view = around(picture);
  paint(pen, picture, view, 1);
  const text = pen.finish(view.x, view.y, view.width, view.height, picture.inks.page);
  return new Blob([text], { type: 'image/svg+xml' });
}

export async function asPng(picture: Picture): Promise<Blob | null> {
  const view = around(picture);
  const scale = Math.min(
    PNG_SCALE,
    LONGEST_SIDE / Math.max(view.width, view.height),
    Math.sqrt(MOST_PIXELS / (view.width * view.height)),
  );
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [Math.ceil(view.width * scale), Math.ceil(view.height * scale)];
  const context = canvas.getContext('2d');
  if (!context) return null;
  context.fillStyle = picture.inks.page;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.setTransform(scale, 0, 0, scale, -view.x * scale, -view.y * scale);
  paint(canvasPen(context), picture, view, 1);
  return new Promise((done) => canvas.toBlob(done, 'image/png'));
}

function around({ placed }: Picture): { x: number; y: number; width: number; height: number } {
  return {
    x: -MARGIN,
    y: -MARGIN,
    width: placed.width + 2 * MARGIN,
    height: placed.height + 2 * MARGIN,
  };
}

/** Letters, digits, dots and dashes only: a run's name may hold anything. */
export function fileName(name: string): string {
  return (
    name
      .replace(/[^\p{L}\p{N}._-]+/gu, '-')
      .replace(/^[-.]+|[-.]+$/g, '')
      .slice(0, 100) || 'graph'
  );
}
