// Samples -> what is drawn of them: the extent of the wave in each column, and a spectrogram. Pure.
import { FourierTransform } from './fft';

/** Quieter than this below the loudest is drawn as silence, in decibels. */
const RANGE_DB = 80;
/** No row of a spectrogram lies lower, in Hz. */
const LOWEST_HZ = 50;

/** Least and greatest sample of each of `columns` columns, one after the other; nothing between is lost. */
export function peaksOf(samples: Float32Array, columns: number): Float32Array {
  const peaks = new Float32Array(2 * columns);
  for (let column = 0; column < columns; column++) {
    const start = Math.floor((column * samples.length) / columns);
    const stop = Math.max(start + 1, Math.floor(((column + 1) * samples.length) / columns));
    let [low, high] = [Infinity, -Infinity];
    for (let i = start; i < stop && i < samples.length; i++) {
      if (samples[i] < low) low = samples[i];
      if (samples[i] > high) high = samples[i];
    }
    peaks[2 * column] = low === Infinity ? 0 : low;
    peaks[2 * column + 1] = high === -Infinity ? 0 : high;
  }
  return peaks;
}

export interface Spectrogram {
  columns: number;
  rows: number;
  /** Row after row, the highest frequency first: 0 is silence, 255 the loudest. */
  levels: Uint8Array;
  /** Frequencies of the lowest and highest row, in Hz; between them they grow by a constant factor. */
  lowest: number;
  highest: number;
}

/**
 * The short-time Fourier transform with a Hann window, in decibels below the loudest, frequencies logarithmic.
 * A row has the loudest of the frequencies that fall to it, so that no line falls between two rows.
 */
export function spectrogramOf(
  samples: Float32Array,
  sampleRate: number,
  columns: number,
  rows: number,
): Spectrogram {
  const size = windowSize(sampleRate);
  const highest = sampleRate / 2;
  const lowest = Math.min(LOWEST_HZ, highest / 4);
  const bins = binsOfRows(rows, size, sampleRate, lowest);
  const power = new Float64Array(columns * rows);
  const hann = Float64Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size));
  const fourier = new FourierTransform(size);
  const [real, imaginary] = [new Float64Array(size), new Float64Array(size)];
  let loudest = 0;
  for (let column = 0; column < columns; column++) {
    const start = Math.round(((column + 0.5) * samples.length) / columns) - size / 2;
    for (let i = 0; i < size; i++) real[i] = (samples[start + i] ?? 0) * hann[i];
    imaginary.fill(0);
    fourier.transform(real, imaginary);
    for (let row = 0; row < rows; row++) {
      let most = 0;
      for (let bin = bins[2 * row]; bin < bins[2 * row + 1]; bin++) {
        most = Math.max(most, real[bin] ** 2 + imaginary[bin] ** 2);
      }
      power[row * columns + column] = most;
      if (most > loudest) loudest = most;
    }
  }
  const levels = new Uint8Array(power.length);
  for (let i = 0; i < power.length; i++) {
    const below = 10 * Math.log10(power[i] / loudest);
    levels[i] = loudest > 0 && below > -RANGE_DB ? Math.round(255 * (1 + below / RANGE_DB)) : 0;
  }
  return { columns, rows, levels, lowest, highest };
}

/** Samples of a window: a twentieth of a second, where both a beat and a tone can be seen. */
function windowSize(sampleRate: number): number {
  return Math.min(8192, Math.max(128, 2 ** Math.round(Math.log2(sampleRate / 20))));
}

/** First bin and the one after the last, of each row. */
function binsOfRows(rows: number, size: number, sampleRate: number, lowest: number): Uint32Array {
  const bins = new Uint32Array(2 * rows);
  const octaves = Math.log2(sampleRate / 2 / lowest);
  const binAt = (row: number): number => ((lowest * size) / sampleRate) * 2 ** (octaves * (1 - row / rows));
  for (let row = 0; row < rows; row++) {
    const first = Math.min(Math.floor(binAt(row + 1)), size / 2 - 1);
    bins[2 * row] = first;
    bins[2 * row + 1] = Math.max(first + 1, Math.min(Math.floor(binAt(row)), size / 2));
  }
  return bins;
}
