// A page of its own: the points as they are now in one file that asks nobody for anything and opens from a disk.
import type { Theme } from '../../state/colours';
import type { Model } from './model.svelte';
import type { Shown } from './standalone';
// Vite makes one script of it and all that it imports.
import viewer from './standalone.ts?worker&url';

export async function pageOf(
  model: Model,
  columns: readonly string[],
  labels: readonly (readonly string[])[],
  theme: Theme,
): Promise<string> {
  const { colours, legend } = model.colouring;
  const shown: Shown = {
    title: model.which?.tag ?? '',
    theme,
    flat: model.dimensions === 2,
    camera: model.camera,
    places: base64(new Uint8Array(model.places.buffer)),
    colours: base64(colours),
    marks: base64(model.marks),
    legend,
    columns,
    labels,
  };
  const script = await (await fetch(viewer)).text();
  return htmlOf(shown, script);
}

export function htmlOf(shown: Shown, script: string): string {
  // Neither the data nor the script may end their element; in JSON and in strings of a script `\u003c` is `<`.
  const data = JSON.stringify(shown).replaceAll('<', '\\u003c');
  const [back, text] = shown.theme === 'dark' ? ['#12161c', '#e6e9ee'] : ['#ffffff', '#1b2430'];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'">
<title>${escaped(shown.title)}</title>
<style>
html, body { height: 100%; margin: 0; overflow: hidden; background: ${back}; color: ${text}; font: 13px system-ui, sans-serif; }
canvas { width: 100%; height: 100%; display: block; cursor: grab; touch-action: none; }
header, footer, #card { position: fixed; left: 12px; max-width: calc(100% - 24px); pointer-events: none; }
header { top: 10px; } header input { pointer-events: auto; margin-left: 10px; }
footer { bottom: 10px; display: flex; flex-wrap: wrap; gap: 2px 12px; }
footer i { display: inline-block; width: 9px; height: 9px; border-radius: 50%; margin-right: 5px; }
#card { top: 44px; white-space: pre-wrap; }
</style>
</head>
<body>
<canvas></canvas>
<header><b>${escaped(shown.title)}</b><input type="search" aria-label="Search" placeholder="Search"></header>
<div id="card" role="status"></div>
<footer></footer>
<script type="application/json">${data}</script>
<script>${script.replaceAll('</script', '<\\/script')}</script>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** In pieces, for a call takes only so many arguments. */
function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
