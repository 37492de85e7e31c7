// Puts the theme on the document and reads from the tokens the colours that a canvas needs.
import type { ChartColours } from '../charts/types';
import type { Theme } from '../state/colours';

const cache = new Map<Theme, ChartColours>();

export function applyTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
}

export function chartColours(theme: Theme): ChartColours {
  const known = cache.get(theme);
  if (known) return known;
  applyTheme(theme);
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const colours: ChartColours = {
    text: token('text-soft'),
    grid: token('chart-grid'),
    axis: token('chart-axis'),
    accent: token('accent'),
    surface: token('surface'),
    abandoned: Number(token('chart-abandoned')),
    strong: token('text'),
  };
  cache.set(theme, colours);
  return colours;
}
