// Videos: played together, frame by frame as they were logged, at every step, and harmless.
import { expect, type Locator, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FRAMES, levelOfFrame, record } from './record_video';
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

/** Which of the painted grays a frame shows: video keeps a gray to a few levels. */
const paintedFrame = async (video: Locator) => {
  const level = await levelOf(video);
  const nearest = Math.round((level - levelOfFrame(0)) / (levelOfFrame(1) - levelOfFrame(0)));
  expect(Math.abs(level - levelOfFrame(nearest))).toBeLessThanOrEqual(4);
  return nearest;
};

for (const mimeType of ['video/webm;codecs=vp8', 'video/webm;codecs=vp9', 'video/mp4']) {
  test(`what this browser records as ${mimeType} is played back, frame by frame`, async ({
    server,
    page,
  }) => {
    const recorded = await record(page, mimeType);
    test.skip(recorded === null, `this browser does not record ${mimeType}`);
    const path = join(server.logdir, 'recorded');
    writeFileSync(path, recorded ?? '');
    execFileSync(PYTHON, [
      '-c',
      'import sys; from runlens import SummaryWriter\n' +
        'with SummaryWriter(sys.argv[1] + "/r") as w:\n' +
        '    for step in (0, 1): w.add_video("recorded", open(sys.argv[2], "rb").read(), step)',
      server.logdir,
      path,
    ]);
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('video/clip')) asked.push(request.headers()['range'] ?? 'all');
    });
    const shown = card(page, 'recorded').getByLabel(/^recorded of r /);
    await expect(shown).toHaveJSProperty('readyState', 4);
    expect(asked[0]).toBe('bytes=0-');
    const total = Number(
      /of (\d+)/.exec(
        await card(page, 'recorded')
          .getByText(/^Frame 1 of/)
          .innerText(),
      )?.[1],
    );
    expect(total).toBeGreaterThanOrEqual(FRAMES);
    // The recorder may put in a frame of its own at the beginning, or one that repeats the one before.
    const seen = new Set<number>();
    for (let frame = 0; frame < total; frame++) {
      if (frame > 0) await card(page, 'recorded').getByRole('button', { name: 'Next frame' }).click();
      await expect(card(page, 'recorded').getByText(`Frame ${frame + 1} of ${total}`)).toBeVisible();
      const earliest = Math.max(0, frame - (total - FRAMES));
      await expect
        .poll(async () => {
          const painted = await paintedFrame(shown);
          return painted >= earliest && painted <= frame;
        })
        .toBe(true);
      seen.add(await paintedFrame(shown));
    }
    expect(seen.has(0) && seen.has(FRAMES - 1)).toBe(true);
    await card(page, 'recorded').getByRole('slider', { name: 'Animation' }).fill('0');
    await expect.poll(() => paintedFrame(shown)).toBe(0);
    await card(page, 'recorded').getByRole('slider', { name: 'Step of' }).fill('0');
    await expect(shown).toHaveAttribute('src', /row=0/);
    await expect.poll(() => paintedFrame(shown)).toBe(0);
  });
}

test('what cannot be played gives a message', async ({ page }) => {
  const broken = card(page, 'broken');
  await expect(broken).toContainText('This video cannot be shown: the browser cannot decode it.');
  await broken.getByRole('slider', { name: 'Step of' }).fill('0');
  await expect(broken).toContainText('video: 300 bytes end within the description of the frames');
});
