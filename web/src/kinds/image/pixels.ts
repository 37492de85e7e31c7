// Arithmetic on pixels: differences, colour maps for gray images, values under the pointer. Pure.

/** The part of ImageData that is needed here, so that tests need no browser. */
export interface Pixels {
  width: number;
  height: number;
  /** Red, green, blue, alpha of each pixel, row after row. */
  data: Uint8ClampedArray;
}

/** 128 where both are equal, above where the first is brighter; each channel for itself. Sizes must be equal. */
export function difference(first: Pixels, second: Pixels, out: Uint8ClampedArray): void {
  const [a, b] = [first.data, second.data];
  for (let i = 0; i < out.length; i += 4) {
    for (let channel = i; channel < i + 3; channel++) out[channel] = 128 + (a[channel] - b[channel]) / 2;
    out[i + 3] = 255;
  }
}

/** Whether red, green and blue are equal everywhere. */
export function isGray({ data }: Pixels): boolean {
  for (let i = 0; i < data.length; i += 4) {
    if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return false;
  }
  return true;
}

export const COLOUR_MAPS = ['gray', 'viridis', 'heat', 'diverging'] as const;
export type ColourMap = (typeof COLOUR_MAPS)[number];

/** Colours at equal distances from black to white; in between they are mixed. Viridis: van der Walt and Smith, CC0. */
const STOPS: Record<Exclude<ColourMap, 'gray'>, readonly (readonly [number, number, number])[]> = {
  viridis: [
    [68, 1, 84],
    [72, 40, 120],
    [62, 74, 137],
    [49, 104, 142],
    [38, 130, 142],
    [31, 158, 137],
    [53, 183, 121],
    [110, 206, 88],
    [181, 222, 43],
    [253, 231, 37],
  ],
  heat: [
    [0, 0, 0],
    [130, 0, 0],
    [230, 70, 0],
    [255, 170, 30],
    [255, 255, 220],
  ],
  diverging: [
    [33, 102, 172],
    [146, 197, 222],
    [247, 247, 247],
    [244, 165, 130],
    [178, 24, 43],
  ],
};

/** 256 colours, three numbers each. */
export function tableOf(map: Exclude<ColourMap, 'gray'>): Uint8Array {
  const stops = STOPS[map];
  const table = new Uint8Array(256 * 3);
  for (let level = 0; level < 256; level++) {
    const at = (level / 255) * (stops.length - 1);
    const below = Math.min(Math.floor(at), stops.length - 2);
    for (let channel = 0; channel < 3; channel++) {
      const [low, high] = [stops[below][channel], stops[below + 1][channel]];
      table[level * 3 + channel] = Math.round(low + (high - low) * (at - below));
    }
  }
  return table;
}

/** Puts a gray image's levels into colours, in place. */
export function colour({ data }: Pixels, table: Uint8Array): void {
  for (let i = 0; i < data.length; i += 4) {
    const at = data[i] * 3;
    data[i] = table[at];
    data[i + 1] = table[at + 1];
    data[i + 2] = table[at + 2];
  }
}

/** A pixel as text: one number for gray, else three, with alpha where it is not opaque. */
export function valueAt({ width, height, data }: Pixels, x: number, y: number): string {
  if (x < 0 || y < 0 || x >= width || y >= height) return '';
  const [red, green, blue, alpha] = data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4);
  const colour = red === green && green === blue ? `${red}` : `${red}, ${green}, ${blue}`;
  return alpha === 255 ? colour : `${colour}, α ${alpha}`;
}
