// The tokens that the picture is painted with.
import type { Theme } from '../../state/colours';
import { applyTheme } from '../../ui/theme';
import type { Inks } from './paint';

const known = new Map<Theme, Inks>();

export function inksOf(theme: Theme): Inks {
  const held = known.get(theme);
  if (held) return held;
  applyTheme(theme);
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => long(style.getPropertyValue(`--${name}`).trim());
  const inks: Inks = {
    theme,
    page: token('page'),
    surface: token('surface'),
    text: token('text'),
    soft: token('text-soft'),
    line: token('line'),
    lineStrong: token('line-strong'),
    accent: token('accent'),
  };
  known.set(theme, inks);
  return inks;
}

/** '#fff' as '#ffffff': the build shortens colours, and they are mixed here. */
function long(colour: string): string {
  return /^#[\da-f]{3}$/i.test(colour) ? colour.replace(/[\da-f]/gi, '$&$&') : colour;
}
