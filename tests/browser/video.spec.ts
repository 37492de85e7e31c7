// Videos: played together, frame by frame as they were logged, at every step, and harmless.
import { expect, type Locator, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { PYTHON, test } from './server';

const card = (page: Page, tag: string) => page.getByRole('article', { name: tag, exact: true });
const video = (page: Page, run: string) =>
  card(page, 'episode').getByLabel(new RegExp(`^episode of ${run} `));

/** Gray of the frame on the screen. */
function levelOf(video: Locator): Promise<number> {
  return video.evaluate((element: HTMLVideoElement) => {
    const canvas = new OffscreenCanvas(1, 1);
    const context = canvas.getContext('2d');
    context?.drawImage(element, 20, 20, 1, 1, 0, 0, 1, 1);
    return context?.getImageData(0, 0, 1, 1).data[1] ?? -1;
  });
}
/** Which frame that is: frame n has luma 20 + 9 n, of which 16 is black and 235 white. */
const frameOf = async (video: Locator) => Math.round(((await levelOf(video)) * (219 / 255) - 4) / 9);

test.beforeEach(async ({ server, page }) => {
  execFileSync(PYTHON, [join(__dirname, 'write_videos.py'), server.logdir]);
  await page.goto(`${await server.start()}?kind=video`);
  await expect(card(page, 'episode').getByText('Frame 1 of 24')).toBeVisible();
  for (const run of ['a', 'b']) await expect(video(page, run)).toHaveJSProperty('readyState', 4);
});

test('single frames of all runs, on and back, as they were logged', async ({ page }) => {
  const next = card(page, 'episode').getByRole('button', { name: 'Next frame' });
  for (const frame of [1, 2, 3]) {
    await next.click();
    await expect(card(page, 'episode').getByText(`Frame ${frame + 1} of 24`)).toBeVisible();
    for (const run of ['a', 'b']) await expect.poll(() => frameOf(video(page, run))).toBe(frame);
  }
  await card(page, 'episode').getByRole('button', { name: 'Previous frame' }).click();
  await expect.poll(() => frameOf(video(page, 'b'))).toBe(2);
});

test('the slider moves all videos', async ({ page }) => {
  await card(page, 'episode').getByRole('slider', { name: 'Animation' }).fill('1.5');
  for (const run of ['a', 'b']) await expect.poll(() => frameOf(video(page, run))).toBe(18);
  await expect(card(page, 'episode').getByText('Frame 19 of 24')).toBeVisible();
});

test('all play together at the chosen speed, and end', async ({ page }) => {
  await card(page, 'episode').getByLabel('Speed').selectOption('4');
  for (const run of ['a', 'b']) await expect(video(page, run)).toHaveJSProperty('playbackRate', 4);
  await card(page, 'episode').getByRole('button', { name: 'Play', exact: true }).first().click();
  await expect(card(page, 'episode').getByText('Frame 24 of 24')).toBeVisible();
  for (const run of ['a', 'b']) await expect(video(page, run)).toHaveJSProperty('paused', true);
});

test('another step is another file, and stays at its position', async ({ page }) => {
  await card(page, 'episode').getByRole('slider', { name: 'Animation' }).fill('1.5');
  await card(page, 'episode').getByRole('slider', { name: 'Step of' }).fill('0');
  await expect(video(page, 'a')).toHaveAttribute('src', /row=0/);
  await expect.poll(() => frameOf(video(page, 'a'))).toBe(18);
});

test('what cannot be played gives a message', async ({ page }) => {
  const broken = card(page, 'broken');
  await expect(broken).toContainText('This video cannot be shown: the browser cannot decode it.');
  await broken.getByRole('slider', { name: 'Step of' }).fill('0');
  await expect(broken).toContainText('video: 300 bytes end within the description of the frames');
});
