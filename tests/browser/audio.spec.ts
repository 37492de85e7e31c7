// Sounds: a row per run, waves and spectra of what was logged, one position, and harmless.
import { expect, type Locator, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { PYTHON, test } from './server';

const card = (page: Page, tag: string) => page.getByRole('article', { name: tag, exact: true });
const row = (page: Page, run: string) => card(page, 'speech/tone').getByRole('region', { name: run });
const position = (row: Locator) => row.getByRole('slider').getAttribute('aria-valuenow').then(Number);

/** Where the spectrogram of a row is brightest, as a part of its height from the top. */
function brightest(row: Locator): Promise<number> {
  return row.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas;
    const data = canvas.getContext('2d')?.getImageData(Math.round(width * 0.1), 0, 1, height).data ?? [];
    let [best, at] = [0, -1];
    for (let y = 0; y < height; y++) {
      const light = data[4 * y] + data[4 * y + 1] - data[4 * y + 2];
      if (light > best) [best, at] = [light, y];
    }
    return (at + 0.5) / height;
  });
}

/** The place of a pitch on the logarithmic axis from 50 Hz to 4 kHz. */
const placeOf = (hertz: number) => Math.log2(4000 / hertz) / Math.log2(4000 / 50);

test.beforeEach(async ({ server, page }) => {
  execFileSync(PYTHON, [join(__dirname, 'write_sounds.py'), server.logdir]);
  await page.goto(`${await server.start()}?kind=audio`);
  await expect(row(page, 'ours')).toBeVisible();
});

test("rows tell rate, channels, length and label of each writer's sounds", async ({ page }) => {
  await expect(row(page, 'torch')).toContainText('8 kHz · mono · 1.00 s');
  await expect(row(page, 'ours')).toContainText('8 kHz · 2 channels · 2.00 s');
  await expect(row(page, 'tensorflow').nth(0)).toContainText('first · 8 kHz · mono · 0.50 s');
  await expect(row(page, 'tensorflow').nth(1)).toContainText('second <b> · 8 kHz');
});

test('the spectrogram shows the pitch that was logged, at each step', async ({ page }) => {
  await page.getByText('Spectrogram', { exact: true }).click();
  await row(page, 'torch').scrollIntoViewIfNeeded(); // only what is on the screen is drawn
  await expect.poll(() => brightest(row(page, 'torch'))).toBeCloseTo(placeOf(800), 1);
  await row(page, 'tensorflow').nth(1).scrollIntoViewIfNeeded();
  await expect.poll(() => brightest(row(page, 'tensorflow').nth(1))).toBeCloseTo(placeOf(1500), 1);
  await card(page, 'speech/tone').getByRole('slider', { name: 'Step of' }).fill('0');
  await expect
    .poll(async () => Math.abs((await brightest(row(page, 'torch'))) - placeOf(400)) < 0.02)
    .toBe(true);
});

test('the browser gets the samples that were logged', async ({ page, request }) => {
  const link = await row(page, 'torch').getByRole('link').getAttribute('href');
  const answer = await request.get(link ?? '', {
    headers: { Range: 'bytes=44-51' },
  });
  expect(answer.status()).toBe(206);
  expect(answer.headers()['content-type']).toBe('audio/wav');
  const samples = [0, 2, 4, 6].map((at) => answer.body().then((body) => body.readInt16LE(at)));
  const want = [0, 1, 2, 3].map((i) =>
    Math.trunc(0.5 * Math.exp(-i / 8000) * Math.sin((2 * Math.PI * 800 * i) / 8000) * 32767),
  );
  expect(await Promise.all(samples)).toEqual(want);
});

test('all rows share one position, and another sound takes over where the first was', async ({ page }) => {
  const [ours, torch] = [row(page, 'ours'), row(page, 'torch')];
  await ours.getByRole('button', { name: 'Hear ours' }).click();
  await expect(ours.getByRole('button', { name: 'Pause ours' })).toBeVisible();
  await expect.poll(() => position(torch)).toBeGreaterThan(0.1);
  await torch.getByRole('button', { name: 'Hear torch' }).click();
  await expect(torch.getByRole('button', { name: 'Pause torch' })).toBeVisible();
  await expect(ours.getByRole('button', { name: 'Hear ours' })).toBeVisible();
  expect(await position(torch)).toBeGreaterThan(0.1);
  await torch.getByRole('button', { name: 'Pause torch' }).click();
  const at = await position(torch);
  expect(await position(ours)).toBe(at);
  await ours.getByRole('slider').press('ArrowRight');
  expect(await position(torch)).toBeCloseTo(at + 0.5, 5);
});

test('what is cut or no sound gives a message in its row', async ({ page }) => {
  const broken = card(page, 'speech/broken').getByRole('region', {
    name: 'tensorflow',
  });
  await expect(broken).toHaveCount(3);
  await expect(broken.nth(0)).toContainText('was cut: 7978 bytes of sound are left, it says 16000');
  await expect(broken.nth(1)).toContainText('not a sound: it begins with 3c 73 63 72');
  await expect(broken.nth(2)).toContainText('good · 8 kHz · mono · 1.00 s');
  await expect(broken.nth(2).getByRole('slider')).toBeVisible();
});
