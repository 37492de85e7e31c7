// Colours for levels from 0 to 255.

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
