// One image looked at closely: compared in every way, enlarged, lit, coloured, kept.
import { expect, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PYTHON, test } from './server';

const viewer = (page: Page) => page.getByRole('application', { name: /Image; drag/ });

/** The colour that is drawn at a part of the viewer's width, half-way down. */
function drawnAt(page: Page, part: number): Promise<number[]> {
  return viewer(page)
    .locator('canvas')
    .evaluate((canvas: HTMLCanvasElement, at) => {
      const { width, height } = canvas;
      const data = canvas.getContext('2d')?.getImageData(Math.round(width * at), height / 2, 1, 1).data;
      return [...(data ?? [])];
    }, part);
}

/** Green, which is 40 for each run after the first. */
const greenAt = async (page: Page, part: number) => (await drawnAt(page, part))[1];

test.beforeEach(async ({ server, page }) => {
  execFileSync(PYTHON, [join(__dirname, 'write_images.py'), server.logdir]);
  await page.goto(`${await server.start()}?kind=image`);
  await page.getByRole('button', { name: 'Look closer at c, step 40' }).first().click();
  await expect(viewer(page)).toBeVisible();
});

async function compare(page: Page, mode: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Compare with' }).selectOption('a');
  await page.getByText(mode, { exact: true }).click();
}

test('side by side, each run has its half', async ({ page }) => {
  await compare(page, 'Side by side');
  await expect.poll(() => greenAt(page, 0.25)).toBe(80);
  expect(await greenAt(page, 0.75)).toBe(0);
});

test('a wipe shows one run up to its handle, and the other beyond', async ({ page }) => {
  await compare(page, 'Wipe');
  await expect.poll(() => greenAt(page, 0.4)).toBe(80);
  expect(await greenAt(page, 0.6)).toBe(0);
  await page.getByRole('slider', { name: 'Where the wipe is' }).fill('1');
  await expect.poll(() => greenAt(page, 0.6)).toBe(80);
});

test('blinking, both are shown in turn', async ({ page }) => {
  await compare(page, 'Blink');
  await expect.poll(() => greenAt(page, 0.5)).toBe(0);
  await expect.poll(() => greenAt(page, 0.5)).toBe(80);
});

test('enlarged pixels keep hard edges, at any zoom', async ({ page }) => {
  const percent = page.getByText(/^\d+ %$/);
  await page.keyboard.press('1');
  await expect(percent).toHaveText('100 %');
  for (let i = 0; i < 20; i++) await page.keyboard.press('+');
  await expect(percent).toHaveText('6400 %');
  // One pixel is now wider than a tenth of the viewer: of neighbouring places most have the very same colour.
  const colours = await Promise.all([0.5, 0.505, 0.51].map((part) => drawnAt(page, part)));
  expect(new Set(colours.map(String)).size).toBeLessThanOrEqual(2);
  await page.getByRole('button', { name: 'Fit' }).click();
  await expect(percent).not.toHaveText('6400 %');
});

test('brightness holds for the cards and closely, and can be put back', async ({ page }) => {
  await page.keyboard.press('Escape');
  await page.getByRole('slider', { name: 'Brightness' }).fill('2');
  const shown = page.getByRole('img', { name: /pictures\/rgb of c / });
  await expect(shown).toHaveCSS('filter', 'brightness(2) contrast(1)');
  await page.getByRole('button', { name: 'Look closer at c, step 40' }).first().click();
  await expect.poll(async () => (await drawnAt(page, 0.5)).slice(0, 2)).toEqual([80, 160]);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Reset brightness and contrast' }).click();
  await expect(shown).toHaveCSS('filter', 'none');
});

test('one image, all of a run, and a contact sheet are kept', async ({ page }) => {
  const saved = async (name: string): Promise<Buffer> => {
    const download = page.waitForEvent('download');
    await page.getByRole('dialog').getByText(name, { exact: true }).click();
    return readFileSync(await (await download).path());
  };
  const image = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download this image' }).click();
  const png = readFileSync(await (await image).path());
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([6, 4]);
  const zip = await saved('ZIP');
  expect(zip.subarray(0, 2).toString()).toBe('PK');
  expect(zip.toString('latin1').match(/_step_(\d+)\.png/g)).toContain('_step_40.png');
  const sheet = await saved('Download a contact sheet');
  expect(sheet.subarray(1, 4).toString()).toBe('PNG');
  expect(sheet.readUInt32BE(16)).toBeGreaterThan(6);
});
