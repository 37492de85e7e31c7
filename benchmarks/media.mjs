// Drives the page in Chromium for benchmarks/media.py: prints one JSON line.
//   node media.mjs image ADDRESS    time from the address to the first painted picture
//   node media.mjs mesh ADDRESS     time of a frame while a cloud is turned, and until all of it is drawn at rest
import { launch, say } from './browser.mjs';

const browser = await launch('--use-angle=swiftshader', '--enable-unsafe-swiftshader');
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });

async function image(address) {
  await page.goto(`${address}?kind=image`, { waitUntil: 'commit' });
  const shown = await page.waitForFunction(() => {
    const picture = document.querySelector('article img');
    return picture?.complete && picture.naturalWidth > 0 ? performance.now() : false;
  });
  return { painted: await shown.jsonValue() };
}

async function mesh(address) {
  await page.goto(`${address}?kind=mesh`);
  const canvas = page.locator('article canvas');
  // Drawn: the middle of the canvas is no longer background.
  await page.waitForFunction(() => {
    const shown = document.querySelector('article canvas');
    return shown?.width > 50 && shown.getContext('2d').getImageData(shown.width / 2, shown.height / 2, 1, 1).data[3] > 0;
  });
  // Each time the canvas is drawn on, the pixels are asked for, which waits until they are there.
  await page.evaluate(() => {
    const { drawImage } = CanvasRenderingContext2D.prototype;
    window.drawn = [];
    CanvasRenderingContext2D.prototype.drawImage = function (...given) {
      drawImage.apply(this, given);
      this.getImageData(0, 0, 1, 1);
      window.drawn.push(performance.now());
    };
  });
  const box = await canvas.boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let i = 0; i < 60; i++) await page.mouse.move(x + 3 * i, y);
  const turned = await page.evaluate(() => window.drawn.splice(0));
  await page.mouse.up();
  const rested = await page.evaluate(() => performance.now());
  await page.waitForFunction(() => window.drawn.length > 0);
  const whole = (await page.evaluate(() => window.drawn.at(-1))) - rested;
  // The first frames find out how many points the machine can draw.
  const gaps = turned.slice(3).map((time, i) => time - turned[i + 2]).sort((a, b) => a - b);
  return { frame: gaps[Math.floor(gaps.length / 2)], frames: turned.length, whole };
}

const [act, address] = process.argv.slice(2);
say(await { image, mesh }[act](address));
await browser.close();
