// Meshes: what was logged is on the screen, cameras are linked, one WebGL context draws all, and hostile ones are harmless.
import { expect, type Locator, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { PYTHON, test } from './server';

test.use({
  launchOptions: {
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  },
});

const card = (page: Page, tag: string) => page.getByRole('article', { name: tag, exact: true });
const view = (page: Page, run: string) =>
  page.getByRole('application', { name: new RegExp(`^square of ${run} `) });

/** Pixels that are not background, the colour of the middle one, and all of them as one number. */
function look(view: Locator): Promise<{ count: number; middle: number[]; print: number }> {
  return view.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas;
    const data = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
    let [count, print] = [0, 0];
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 3] > 0) count++;
      print = (print * 31 + data[i] + data[i + 3]) % 1_000_003;
    }
    const at = 4 * (Math.floor(height / 2) * width + Math.floor(width / 2));
    return { count, middle: [...data.slice(at, at + 3)], print };
  });
}

test.beforeEach(async ({ server, page }) => {
  await page.addInitScript(() => {
    const counted = window as unknown as { contexts: number };
    counted.contexts = 0;
    const original = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, ...given: unknown[]) {
      if (String(given[0]).startsWith('webgl')) counted.contexts++;
      return original.apply(this, given as Parameters<typeof original>);
    } as typeof original;
  });
  execFileSync(PYTHON, [join(__dirname, 'write_meshes.py'), server.logdir]);
  await page.setViewportSize({ width: 1280, height: 1100 }); // all cards are on the screen, and so drawn
  await page.goto(`${await server.start()}?kind=mesh`);
  for (const run of ['ours', 'torch', 'tensorboardx']) await expect(view(page, run)).toBeVisible();
});

test("every writer's mesh is one tag, in its colour, at each step", async ({ page }) => {
  await expect(page.getByRole('article')).toHaveCount(5);
  for (const run of ['ours', 'torch', 'tensorboardx']) {
    await expect.poll(async () => (await look(view(page, run))).middle).toEqual([150, 40, 200]);
  }
  await card(page, 'square').getByRole('slider', { name: 'Step of' }).fill('0');
  await expect.poll(async () => (await look(view(page, 'torch'))).middle).toEqual([50, 40, 200]);
  await expect(card(page, 'square')).toContainText('4 vertices, 2 faces');
});

test('what was logged comes as it was: vertices, faces, colours', async ({ page }) => {
  const [answer] = await Promise.all([
    page.waitForResponse((response) => /geometry.*run=tensorboardx.*row=0/.test(response.url())),
    card(page, 'square').getByRole('slider', { name: 'Step of' }).fill('0'),
  ]);
  const bytes = await answer.body();
  const size = bytes.readUInt32LE(4);
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + size)) as {
    arrays: { dtype: string; offset: number }[];
    vertices: number;
    faces: number;
    colors: number;
  };
  const at = (name: 'vertices' | 'faces' | 'colors') => header.arrays[header[name]];
  expect([at('vertices').dtype, at('faces').dtype, at('colors').dtype]).toEqual(['f4', 'i4', 'u1']);
  const read = (count: number, of: (i: number) => number) => Array.from({ length: count }, (_, i) => of(i));
  expect(read(12, (i) => bytes.readFloatLE(at('vertices').offset + 4 * i))).toEqual(
    [-1, -1, 0, 1, -1, 0, 1, 1, 0, -1, 1, 0].map(Number),
  );
  expect(read(6, (i) => bytes.readInt32LE(at('faces').offset + 4 * i))).toEqual([0, 1, 2, 0, 2, 3]);
  expect(read(3, (i) => bytes.readUInt8(at('colors').offset + i))).toEqual([50, 40, 200]);
  expect(answer.headers()['cache-control']).toContain('immutable');
});

test('one is turned, all turn; reset brings them back; one context draws them', async ({ page }) => {
  await expect.poll(async () => (await look(view(page, 'torch'))).count).toBeGreaterThan(500);
  const before = await look(view(page, 'torch'));
  await view(page, 'ours').press('ArrowRight');
  await expect.poll(async () => (await look(view(page, 'torch'))).print).not.toBe(before.print);
  await page.getByRole('button', { name: 'Reset all cameras' }).click();
  await expect.poll(async () => (await look(view(page, 'torch'))).print).toBe(before.print);
  await page.getByRole('combobox', { name: 'Link cameras' }).selectOption('none');
  await view(page, 'ours').press('ArrowRight');
  await expect.poll(async () => (await look(view(page, 'ours'))).print).not.toBe(before.print);
  expect((await look(view(page, 'torch'))).print).toBe(before.print);
  expect(await page.evaluate(() => (window as unknown as { contexts: number }).contexts)).toBeLessThanOrEqual(
    1,
  );
});

test('the cameras of all cards move as one when that is wanted', async ({ page }) => {
  const cloud = card(page, 'cloud').getByRole('application');
  await expect.poll(async () => (await look(cloud)).count).toBeGreaterThan(300);
  const before = await look(cloud);
  await view(page, 'ours').press('ArrowRight');
  await expect.poll(async () => (await look(view(page, 'torch'))).count).toBeGreaterThan(500);
  expect((await look(cloud)).print).toBe(before.print);
  await page.getByRole('combobox', { name: 'Link cameras' }).selectOption('all');
  await view(page, 'ours').press('+');
  await expect.poll(async () => (await look(cloud)).print).not.toBe(before.print);
  await cloud.press('0');
  await expect.poll(async () => (await look(cloud)).print).toBe(before.print);
});

test('camera, material and lights are those of the config', async ({ page }) => {
  // A red light from above and nothing else, on a white material that shows light as it comes.
  const lit = card(page, 'lit').getByRole('application');
  await expect.poll(async () => (await look(lit)).middle).toEqual([128, 0, 0]);
  // Seen without perspective, the square in the back is as large as the one in front, which hides it.
  const colours = await lit.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas;
    const data = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
    const red = Array.from({ length: width * height }, (_, i) => (data[4 * i + 3] === 255 ? data[4 * i] : 0));
    return [...new Set(red)].sort((a, b) => a - b);
  });
  expect(colours).toEqual([0, 128]);
});

test('a mesh that is on its way has its room already', async ({ page }) => {
  const room = (await view(page, 'ours').boundingBox())?.height ?? 0;
  await page.route(/geometry/, () => undefined); // no answer ever
  await page.reload();
  const waiting = card(page, 'square').locator('.waiting');
  await expect(waiting).toHaveCount(3);
  expect(room).toBeGreaterThan(100);
  expect((await waiting.first().boundingBox())?.height).toBeCloseTo(room, -1);
});

test('wireframe leaves only the edges', async ({ page }) => {
  await expect.poll(async () => (await look(view(page, 'ours'))).count).toBeGreaterThan(500);
  const { count } = await look(view(page, 'ours'));
  await page.getByText('Wireframe').click();
  await expect.poll(async () => (await look(view(page, 'ours'))).count).toBeLessThan(count / 4);
});

test('each cloud of a batch, with points as large as wanted', async ({ page }) => {
  const cloud = card(page, 'cloud').getByRole('application');
  await expect.poll(async () => (await look(cloud)).count).toBeGreaterThan(300);
  const before = await look(cloud);
  await page.getByLabel('Point size').fill('6');
  await expect.poll(async () => (await look(cloud)).count).toBeGreaterThan(before.count * 2);
  const first = await look(cloud);
  await card(page, 'cloud').getByLabel('Which mesh of the batch').selectOption('2 / 2');
  await expect.poll(async () => (await look(cloud)).print).not.toBe(first.print);
});

test('hostile meshes give a message', async ({ page }) => {
  await expect(card(page, 'beyond')).toContainText('faces name vertices 7 to 10, there are 4');
  await expect(card(page, 'nan')).toContainText('12 of 12 coordinates are no number');
});
