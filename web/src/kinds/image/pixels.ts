// Arithmetic on pixels: differences, colours for gray images, values under the pointer. Pure.

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
