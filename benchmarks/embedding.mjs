// Drives the projector in Chromium for benchmarks/embedding.py: prints one JSON line.
//   node embedding.mjs first ADDRESS COUNT         time from navigation until so many points are drawn
//   node embedding.mjs tensorboard ADDRESS COUNT   the same of TensorBoard's page: until its components are there
import { launch, say } from './browser.mjs';

const [act, address, count] = process.argv.slice(2);
const TIMEOUT = 300_000;
const browser = await launch('--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader');
const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
const began = Date.now();
if (act === 'first') {
  await page.goto(`${address}?kind=embedding`, { waitUntil: 'commit' });
  await page.waitForSelector(`canvas[data-points="${count}"]`, { timeout: TIMEOUT });
} else {
  await page.goto(`${address}#projector`, { waitUntil: 'commit' });
  const isThere = async (frame) => (await frame.getByText(/Total variance described/).count().catch(() => 0)) > 0;
  while (!(await Promise.all(page.frames().map(isThere))).includes(true)) {
    if (Date.now() - began > TIMEOUT) throw new Error('TensorBoard shows no components');
    await page.waitForTimeout(50);
  }
}
say({ shown: Date.now() - began });
await browser.close();
