import { chromium } from 'playwright';
const url = process.argv[2],
  out = process.argv[3],
  only = process.argv[4];
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const T = (o) => encodeURIComponent(JSON.stringify(o));
const pages = {
  table: `?kind=hparams&runs=all`,
  group: `?kind=hparams&runs=all&table=${T({ group: 'hparam:optimizer', sorts: [{ id: 'last:accuracy', descending: true }] })}`,
  folder: `?kind=hparams&runs=all&table=${T({ group: 'folder' })}`,
  parallel: `?kind=hparams&runs=all&table=${T({ view: 'parallel', scales: { 'hparam:lr': 'log' }, colour: 'last:accuracy' })}`,
  scatter: `?kind=hparams&runs=all&table=${T({ view: 'scatter', scales: { 'hparam:lr': 'log' }, colour: 'last:accuracy' })}`,
  importance: `?kind=hparams&runs=all&table=${T({ view: 'importance' })}`,
  info: `?kind=run_info&about=a`,
  infodiff: `?kind=run_info&about=a&about=b`,
  marks: `?kind=mark`,
  scalars: `?kind=scalar&tag_filter=loss`,
};
for (const [name, q] of Object.entries(pages)) {
  if (only && !only.split(',').includes(name)) continue;
  for (const [theme, w, h] of [
    ['light', 1280, 800],
    ['dark', 1280, 800],
    ['light', 390, 800],
  ]) {
    const c = await b.newContext({
      viewport: { width: w, height: h },
      colorScheme: theme,
      locale: theme === 'dark' && process.argv[5] ? 'zh-CN' : 'en-GB',
    });
    const p = await c.newPage();
    await p.goto(url + q);
    await p.waitForTimeout(1800);
    await p.screenshot({ path: `${out}/${name}-${theme}-${w}.png` });
    await c.close();
  }
}
await b.close();
