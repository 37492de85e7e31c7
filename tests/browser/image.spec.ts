// Images: a picture per run at one step, steps linked, looked at closely, compared, and harmless.
import { expect, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { PYTHON, ROOT, test } from './server';

const card = (page: Page, tag: string) => page.getByRole('article', { name: tag, exact: true });
const slider = (page: Page, tag: string) => card(page, tag).getByRole('slider');

/** Red of a picture's first pixel, which is its step. */
function redOf(page: Page, tag: string, run: string): Promise<number> {
  return card(page, tag)
    .getByRole('img', { name: new RegExp(`${tag} of ${run} `) })
    .evaluate(async (image: HTMLImageElement) => {
      await image.decode();
      const canvas = new OffscreenCanvas(1, 1);
      const context = canvas.getContext('2d');
      context?.drawImage(image, 0, 0);
      return context?.getImageData(0, 0, 1, 1).data[0] ?? -1;
    });
}

test.beforeEach(async ({ server, page }) => {
  execFileSync(PYTHON, [join(__dirname, 'write_images.py'), server.logdir]);
  await page.goto(`${await server.start()}?kind=image`);
  await expect(card(page, 'pictures/rgb').getByRole('img')).toHaveCount(3);
});

test('all runs show their newest picture, pixel for pixel', async ({ page }) => {
  for (const run of ['a', 'b', 'c']) expect(await redOf(page, 'pictures/rgb', run)).toBe(40);
});

test('one slider moves all cards to the nearest step, and the link remembers', async ({ page }) => {
  await slider(page, 'pictures/rgb').fill('1');
  await expect.poll(() => redOf(page, 'pictures/rgb', 'b')).toBe(10);
  await expect(page).toHaveURL(/at=10/);
  await expect(card(page, 'pictures/late').getByText('step 7').first()).toBeVisible();
  await page.reload();
  await expect.poll(() => redOf(page, 'pictures/rgb', 'b')).toBe(10);
});

test('play goes through all steps and ends', async ({ page }) => {
  const rows = new Set<string | null>();
  page.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname.endsWith('image/picture') && searchParams.get('tag') === 'pictures/rgb')
      rows.add(searchParams.get('row'));
  });
  await card(page, 'pictures/rgb').getByRole('button', { name: 'Play' }).click();
  await expect(card(page, 'pictures/rgb').getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect(card(page, 'pictures/rgb').getByRole('button', { name: 'Play' })).toBeVisible();
  await expect(slider(page, 'pictures/rgb')).toHaveValue('4');
  expect([...rows].sort()).toEqual(['0', '1', '2', '3']);
});

test('looked at closely, a pixel tells its value; arrows change the step', async ({ page }) => {
  await page.getByRole('button', { name: 'Look closer at b, step 40' }).first().click();
  const viewer = page.getByRole('application', { name: /Image; drag/ });
  await viewer.hover();
  await expect(page.locator('output')).toHaveText(/^\(\d, \d\) 40, 40, \d$/);
  await page.keyboard.press('ArrowLeft');
  await viewer.hover({ position: { x: 300, y: 200 } });
  await expect(page.locator('output')).toHaveText(/30, 40, \d$/);
});

test('two runs are compared, and the difference is signed', async ({ page }) => {
  await page.getByRole('button', { name: 'Look closer at c, step 40' }).first().click();
  await page.getByRole('combobox', { name: 'Compare with' }).selectOption('a');
  await page.getByText('Difference', { exact: true }).click();
  const viewer = page.getByRole('application', { name: /Image; drag/ });
  await viewer.hover();
  await expect(page.locator('output')).toHaveText(/40, 80, \d \| 40, 0, \d$/);
  const middle = await viewer.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas;
    return [...(canvas.getContext('2d')?.getImageData(width / 2, height / 2, 1, 1).data ?? [])];
  });
  expect(middle).toEqual([128, 168, 128, 255]);
});

test('an animation is played frame by frame', async ({ page }) => {
  await page.getByRole('button', { name: 'Look closer at a, step 1' }).click();
  const closely = page.getByRole('dialog');
  await closely.getByRole('button', { name: 'Next frame' }).click();
  await expect(closely.getByText('Frame 2 of 4')).toBeVisible();
  await page.getByRole('application', { name: /Image; drag/ }).hover();
  await expect(page.locator('output')).toHaveText(/\) (59|60|61)$/);
});

test('animations of all runs are stepped and played in their card', async ({ page }) => {
  const moving = card(page, 'moving');
  await expect(moving.getByText('4 frames')).toBeVisible(); // which one the browser shows, only it knows
  await moving.getByLabel('Speed').selectOption('0.1');
  await moving.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(moving.getByText(/^Frame [1-4] of 4$/)).toBeVisible();
  await moving.getByRole('slider', { name: 'Animation' }).fill('2');
  for (const run of ['a', 'b', 'c']) await expect.poll(() => redOf(page, 'moving', run)).toBe(120);
  await moving.getByRole('button', { name: 'Previous frame' }).click();
  for (const run of ['a', 'b', 'c']) await expect.poll(() => redOf(page, 'moving', run)).toBe(60);
  await moving.getByLabel('Speed').selectOption('4');
  await moving.getByRole('button', { name: 'Play', exact: true }).click();
  await expect.poll(() => redOf(page, 'moving', 'b')).toBe(180);
});

test('only what is on the screen is fetched, and a second look costs nothing', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('image/picture')) asked.push(request.url());
  });
  await slider(page, 'pictures/rgb').fill('0');
  await expect.poll(() => redOf(page, 'pictures/rgb', 'a')).toBe(0);
  expect(new Set(asked.map((url) => new URL(url).searchParams.get('row')))).toEqual(new Set(['0']));
  const cached = await page.evaluate(
    async (url) => (await fetch(url, { cache: 'only-if-cached', mode: 'same-origin' })).status,
    asked[0],
  );
  expect(cached).toBe(200);
});

test('a page at rest asks for nothing', async ({ page }) => {
  let asked = 0;
  page.on('request', (request) => {
    if (request.url().endsWith('image/entries')) asked++;
  });
  await page.reload();
  await expect(card(page, 'pictures/rgb').getByRole('img')).toHaveCount(3);
  await slider(page, 'pictures/rgb').fill('0');
  await expect.poll(() => redOf(page, 'pictures/rgb', 'a')).toBe(0);
  expect(asked).toBe(1);
});

test('pictures that TensorFlow logged', async ({ server, page }) => {
  await server.stop();
  cpSync(join(ROOT, 'tests/data/tensorflow'), server.logdir, { recursive: true });
  await page.goto(`${await server.start()}?kind=image`);
  await expect(page.getByRole('img').first()).toBeVisible();
  await expect(page.getByText('cannot be shown')).toHaveCount(0);
});
