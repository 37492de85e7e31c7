// Colours for a number between low and high: from blue to orange, told apart also without green and red.

const STOPS = {
  light: ['#2456b8', '#7b6fc4', '#c96a8a', '#e0752a'],
  dark: ['#6ea0ff', '#a79bff', '#f08fae', '#ffab5e'],
};

/** The colour at `share`, from 0 to 1. */
export function rampColour(share: number, theme: 'light' | 'dark'): string {
  const stops = STOPS[theme];
  const at = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
  const i = Math.min(Math.floor(at), stops.length - 2);
  return `color-mix(in oklab, ${stops[i]}, ${stops[i + 1]} ${Math.round((at - i) * 100)}%)`;
}
