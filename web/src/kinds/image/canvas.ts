// Draws one or two pictures, enlarged and moved, on a canvas.
import { tableOf, type ColourMap } from '../../charts/colourMap';
import { colour, difference, isGray } from './pixels';

export type Mode = 'side' | 'wipe' | 'blink' | 'difference';

/** A picture with its pixels at hand. */
export interface Loaded {
  canvas: HTMLCanvasElement;
  pixels: ImageData;
}

/** A picture's pixel (u, v) lies at (u * scale + x, v * scale + y) of its pane, in CSS pixels. */
export interface View {
  scale: number;
  x: number;
  y: number;
}

export interface Scene {
  first: Loaded;
  second: Loaded | null;
  mode: Mode;
  /** For `wipe` the part of the pane that shows the first; for `blink` 0 or 1, which is shown. */
  part: number;
  filter: string;
  view: View;
}

export async function load(url: string, colours: ColourMap): Promise<Loaded> {
  const image = new Image();
  image.src = url;
  await image.decode();
  const loaded = canvasOf(image.naturalWidth, image.naturalHeight, (context) =>
    context.drawImage(image, 0, 0),
  );
  if (colours !== 'gray' && isGray(loaded.pixels)) {
    colour(loaded.pixels, tableOf(colours));
    loaded.canvas.getContext('2d')?.putImageData(loaded.pixels, 0, 0);
  }
  return loaded;
}

/** The second as a difference to the first, at the size of the first. */
export function differenceOf(first: Loaded, second: Loaded): Loaded {
  const { width, height } = first.pixels;
  const fitted = canvasOf(width, height, (context) => context.drawImage(second.canvas, 0, 0, width, height));
  return canvasOf(width, height, (context) => {
    const out = context.createImageData(width, height);
    difference(first.pixels, fitted.pixels, out.data);
    context.putImageData(out, 0, 0);
  });
}

function canvasOf(width: number, height: number, paint: (context: CanvasRenderingContext2D) => void): Loaded {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, width);
  canvas.height = Math.max(1, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('this browser gives no more canvases');
  paint(context);
  return { canvas, pixels: context.getImageData(0, 0, canvas.width, canvas.height) };
}

/** Widths of the panes: two for pictures side by side. */
export function paneWidth(width: number, scene: Pick<Scene, 'second' | 'mode'>): number {
  return scene.second && scene.mode === 'side' ? (width - GAP) / 2 : width;
}

const GAP = 8;

/** The view that shows the whole picture, in the middle of a pane. */
export function fit({ pixels }: Loaded, width: number, height: number): View {
  const scale = Math.min(width / pixels.width, height / pixels.height);
  return {
    scale,
    x: (width - pixels.width * scale) / 2,
    y: (height - pixels.height * scale) / 2,
  };
}

/** The view after zooming by a factor, with the point (px, py) of the pane staying where it is. */
export function zoomed({ scale, x, y }: View, factor: number, px: number, py: number): View {
  const next = Math.min(Math.max(scale * factor, 0.02), 64);
  const by = next / scale;
  return { scale: next, x: px - (px - x) * by, y: py - (py - y) * by };
}

/** Draws a scene; `difference` comes with the difference as its second picture. */
export function draw(canvas: HTMLCanvasElement, scene: Scene, ratio: number): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const width = canvas.width / ratio;
  const height = canvas.height / ratio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.filter = scene.filter || 'none';
  const { first, second, mode, part } = scene;
  const pane = paneWidth(width, scene);
  const show = (picture: Loaded, left: number, right: number, origin: number): void => {
    context.save();
    context.beginPath();
    context.rect(left, 0, right - left, height);
    context.clip();
    context.translate(origin + scene.view.x, scene.view.y);
    context.scale(scene.view.scale, scene.view.scale);
    context.imageSmoothingEnabled = scene.view.scale < 1;
    context.drawImage(picture.canvas, 0, 0, first.pixels.width, first.pixels.height);
    context.restore();
  };
  if (!second) return show(first, 0, width, 0);
  if (mode === 'side') {
    show(first, 0, pane, 0);
    show(second, width - pane, width, width - pane);
  } else if (mode === 'wipe') {
    show(first, 0, width * part, 0);
    show(second, width * part, width, 0);
  } else {
    show(mode === 'blink' && part < 0.5 ? first : second, 0, width, 0);
  }
}
