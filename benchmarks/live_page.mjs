// Drives the page for benchmarks/live_page.py: prints one JSON line per thing measured.
//   node live_page.mjs scroll ADDRESS SELECTOR   frame times and the longest task while the selected element is scrolled
//   node live_page.mjs live ADDRESS              for each line on standard input: processor time and memory so far
import { createInterface } from 'node:readline';
import { launch, say } from './browser.mjs';

async function open(address) {
  const browser = await launch('--disable-gpu');
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  await page.goto(address);
  await page.locator('[role=application][aria-busy=false]').first().waitFor({ timeout: 60_000 });
  await page.waitForTimeout(1500);
  return { browser, page };
}

// Runs in the page.
function watchFrames() {
  window.frames_ = [];
  window.longest = 0;
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration);
  }).observe({ type: 'longtask' });
  let last = performance.now();
  const frame = (now) => {
    window.frames_.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

async function scroll(address, selector) {
  const { browser, page } = await open(address);
  await page.locator(selector).hover({ position: { x: 100, y: 200 } });
  await page.evaluate(watchFrames);
  const reached = () => page.locator(selector).evaluate((element) => element.scrollTop);
  for (let turn = 0; turn < 120; turn++) {
    await page.mouse.wheel(0, 240);
    await page.waitForTimeout(25);
  }
  await page.waitForTimeout(300);
  const { frames, longest } = await page.evaluate(() => ({ frames: window.frames_.slice(2), longest: window.longest }));
  frames.sort((a, b) => a - b);
  say({ longest, frame: frames[Math.floor(frames.length * 0.95)], frames: frames.length, reached: await reached() });
  await browser.close();
}

async function live(address) {
  const { browser, page } = await open(address);
  const session = await page.context().newCDPSession(page);
  const whole = await browser.newBrowserCDPSession();
  say({ ready: true });
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'collect') await session.send('HeapProfiler.collectGarbage');
    const { processInfo } = await whole.send('SystemInfo.getProcessInfo');
    const { usedSize, backingStorageSize } = await session.send('Runtime.getHeapUsage');
    const cpu = processInfo.filter(({ type }) => type === 'renderer').reduce((sum, { cpuTime }) => sum + cpuTime, 0);
    say({ cpu, heap: (usedSize + (backingStorageSize ?? 0)) / 1e6, at: performance.now() / 1e3 });
  }
  await browser.close();
}

const [act, ...rest] = process.argv.slice(2);
await { scroll, live }[act](...rest);
