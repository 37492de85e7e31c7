// Drives the page in Chromium for benchmarks/page.py, histograms.py and graph.py: prints one JSON line per thing measured.
//   node page.mjs first ADDRESS     time to the first painted charts, then the longest task while scrolling
//   node page.mjs graph ADDRESS     time to the first picture of a graph, the longest tasks until then and while it moves,
//                                   then the same of opening all
//   node page.mjs graph_tensorboard ADDRESS   time to the first picture on TensorBoard's page, the longest task until then
//   node page.mjs watch ADDRESS     a line each time the first chart's pixels change, until standard input closes
import { launch, say } from './browser.mjs';

async function open(address, script = observe) {
  const browser = await launch('--disable-gpu');
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  await page.addInitScript(script);
  await page.goto(address, { waitUntil: 'commit' });
  return { browser, page };
}

// Runs in the page, from before its own scripts.
function observe() {
  window.CHARTS = '[role=application] canvas:first-child, [role=img] > canvas';
  window.longest = 0;
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration);
  }).observe({ type: 'longtask', buffered: true });

  // A chart is painted when the middle of its canvas has any colour that is not grey: a grid line is not a curve.
  window.isPainted = (canvas) => {
    if (canvas.width < 50 || canvas.height < 50) return false;
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 3] > 100 && Math.max(data[i], data[i + 1], data[i + 2]) - Math.min(data[i], data[i + 1], data[i + 2]) > 60) {
        return true;
      }
    }
    return false;
  };
  const visible = (canvas) => {
    const box = canvas.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight && box.width > 0;
  };
  // Each chart is asked until it is painted, and none after one that is not: reading pixels is slow and must not be what
  // is measured, nor may the looking set the pace.
  const done = new Set();
  const look = () => {
    const charts = [...document.querySelectorAll(window.CHARTS)].filter(visible);
    for (const canvas of charts) {
      if (done.has(canvas)) continue;
      if (!window.isPainted(canvas)) break;
      done.add(canvas);
    }
    if (charts.length > 0 && charts.every((canvas) => done.has(canvas))) window.firstCharts = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

async function first(address) {
  const { browser, page } = await open(address);
  await page.waitForFunction(() => window.firstCharts > 0, null, { timeout: 60_000 });
  const firstCharts = await page.evaluate(() => window.firstCharts);
  const charts = await page.evaluate(() => document.querySelectorAll(window.CHARTS).length);
  await page.waitForTimeout(500);
  await page.evaluate(() => { window.longest = 0; });
  await page.mouse.move(900, 600);
  for (let turn = 0; turn < 80; turn++) {
    await page.mouse.wheel(0, 240);
    await page.waitForTimeout(30);
  }
  await page.waitForTimeout(300);
  say({ firstCharts, charts, longest: await page.evaluate(() => window.longest) });
  await browser.close();
}

async function watch(address) {
  const { browser, page } = await open(address);
  await page.waitForFunction(() => window.firstCharts > 0, null, { timeout: 60_000 });
  await page.exposeFunction('changed', (when) => say({ changed: when }));
  await page.evaluate(() => {
    let before = '';
    const look = () => {
      const canvas = document.querySelector(window.CHARTS);
      const now = canvas.toDataURL();
      if (now !== before && before) window.changed(Date.now() / 1000);
      before = now;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  say({ ready: true });
  process.stdin.resume();
  await new Promise((resolve) => process.stdin.on('end', resolve));
  await browser.close();
}

// Runs in the page: when the picture of a graph has come to rest.
function observeGraph() {
  window.longest = 0;
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration);
  }).observe({ type: 'longtask', buffered: true });
  const look = () => {
    if (document.querySelector('[role=application][data-settled=true]')) window.shown = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

async function graph(address) {
  const { browser, page } = await open(`${address}?kind=graph`, observeGraph);
  await page.waitForFunction(() => window.shown > 0, null, { timeout: 120_000 });
  await page.waitForTimeout(300); // the list of tasks comes a little later
  const { shown, longest } = await page.evaluate(() => ({ shown: window.shown, longest: window.longest }));
  await page.evaluate(() => { window.longest = 0; });
  await page.mouse.move(900, 600);
  for (let turn = 0; turn < 40; turn++) {
    await page.mouse.wheel(0, turn % 10 < 5 ? -120 : 120);
    await page.waitForTimeout(20);
  }
  await page.mouse.down();
  for (let turn = 0; turn < 40; turn++) {
    await page.mouse.move(900 - 8 * turn, 600 - 5 * turn);
    await page.waitForTimeout(10);
  }
  await page.mouse.up();
  await page.waitForTimeout(300);
  const fluid = await page.evaluate(() => window.longest);
  await page.evaluate(() => { window.longest = 0; });
  const before = Date.now();
  await page.getByRole('button', { name: 'Expand all' }).click();
  await page.waitForSelector('[role=application][data-settled=false]');
  await page.waitForSelector('[role=application][data-settled=true]', { timeout: 120_000 });
  const expanded = Date.now() - before;
  await page.waitForTimeout(300);
  say({ shown, longest, fluid, expanded, expanding: await page.evaluate(() => window.longest) });
  await browser.close();
}

async function graphTensorboard(address) {
  const { browser, page } = await open(`${address}#graphs`, observeGraph);
  await page.waitForSelector('g.node text', { state: 'attached', timeout: 120_000 });
  const shown = await page.evaluate(() => performance.now());
  await page.waitForTimeout(300);
  say({ shown, longest: await page.evaluate(() => window.longest) });
  await browser.close();
}

const [act, address] = process.argv.slice(2);
await { first, watch, graph, graph_tensorboard: graphTensorboard }[act](address);
