// Draws a sound on a canvas: its wave above its spectrogram.
import { tableOf } from '../../charts/colourMap';
import type { Drawn } from './analysis';
import type { Spectrogram } from './spectrum';

export type Shown = 'both' | 'wave' | 'spectrum';

const pictures = new WeakMap<Spectrogram, HTMLCanvasElement>();
const COLOURS = tableOf('viridis');
const GAP = 2;

export interface Style {
  shown: Shown;
  wave: string;
  axis: string;
  /** Device pixels in a CSS pixel. */
  ratio: number;
  /** Part of the canvas's width that the sound takes: all of it for the longest. */
  part: number;
}

export function draw(canvas: HTMLCanvasElement, drawn: Drawn, style: Style): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const { ratio, shown } = style;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const width = canvas.width / ratio;
  const height = canvas.height / ratio;
  context.clearRect(0, 0, width, height);
  const end = Math.max(1, width * style.part);
  const split = { both: height * 0.42, wave: height, spectrum: 0 }[shown];
  if (shown !== 'spectrum') drawWave(context, drawn.peaks, end, split, style);
  if (shown === 'wave') return;
  const top = shown === 'both' ? split + GAP : 0;
  context.imageSmoothingQuality = 'high';
  context.drawImage(pictureOf(drawn.spectrogram), 0, top, end, height - top);
}

/** Channels one below the other. */
function drawWave(
  context: CanvasRenderingContext2D,
  peaks: readonly Float32Array[],
  width: number,
  height: number,
  { wave, axis }: Style,
): void {
  const each = height / peaks.length;
  for (const [channel, values] of peaks.entries()) {
    const middle = (channel + 0.5) * each;
    const y = (value: number): number => middle - Math.min(Math.max(value, -1), 1) * (each / 2 - 1);
    context.fillStyle = axis;
    context.fillRect(0, middle - 0.5, width, 1);
    context.fillStyle = wave;
    const columns = values.length / 2;
    for (let column = 0; column < columns; column++) {
      const top = y(values[2 * column + 1]);
      const left = (column * width) / columns;
      context.fillRect(left, top, width / columns + 0.3, Math.max(0.7, y(values[2 * column]) - top));
    }
  }
}

function pictureOf(spectrogram: Spectrogram): HTMLCanvasElement {
  const known = pictures.get(spectrogram);
  if (known) return known;
  const canvas = document.createElement('canvas');
  canvas.width = spectrogram.columns;
  canvas.height = spectrogram.rows;
  const context = canvas.getContext('2d');
  const image = new ImageData(spectrogram.columns, spectrogram.rows);
  for (const [i, level] of spectrogram.levels.entries()) {
    image.data.set(COLOURS.subarray(3 * level, 3 * level + 3), 4 * i);
    image.data[4 * i + 3] = 255;
  }
  context?.putImageData(image, 0, 0);
  pictures.set(spectrogram, canvas);
  return canvas;
}
