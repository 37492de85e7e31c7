// The same picture, sound, text and mesh by torch, tensorboardX, TensorFlow's form and ours: all show what was logged.
import { expect, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { PYTHON, test } from './server';

const RUNS = ['ours', 'tensorboardx', 'tensorflow', 'torch'];
const STEPS = [0, 5];
const RATE = 8000;
const card = (page: Page, tag: string) => page.getByRole('article', { name: tag, exact: true });

/** Opens the page of a kind, and the step of a card. */
async function open(page: Page, address: string, kind: string, tag: string, step: number): Promise<void> {
  await page.goto(`${address}?kind=${kind}`);
  await card(page, tag)
    .getByRole('slider', { name: `Step of ${tag}` })
    .fill(String(STEPS.indexOf(step)));
}

let address = '';
test.beforeEach(async ({ server }) => {
  execFileSync(PYTHON, [join(__dirname, 'write_media.py'), server.logdir]);
  address = await server.start();
});

test('pixels', async ({ page }) => {
  for (const step of STEPS) {
    await open(page, address, 'image', 'picture', step);
    const want = Array.from({ length: 15 }, (_, at) => [0, 1, 2].map((c) => (15 * c + at) * 5 + step)).flat();
    for (const run of RUNS) {
      const image = card(page, 'picture').getByRole('img', { name: `picture of ${run} at step ${step}` });
      const got = await image.evaluate(async (element: HTMLImageElement) => {
        await element.decode();
        const context = new OffscreenCanvas(5, 3).getContext('2d');
        context?.drawImage(element, 0, 0);
        return [...(context?.getImageData(0, 0, 5, 3).data ?? [])].filter((_, i) => i % 4 < 3);
      });
      expect(got).toEqual(want);
    }
  }
});

test('samples', async ({ page, request }) => {
  for (const step of STEPS) {
    await open(page, address, 'audio', 'sound', step);
    for (const run of RUNS) {
      const row = card(page, 'sound').getByRole('region', { name: run, exact: true });
      await expect(row).toContainText('8 kHz · mono · 0.10 s');
      const link = row.getByRole('link', { name: /Download|Save/ });
      await expect(link).toHaveAttribute('href', new RegExp(`row=${STEPS.indexOf(step)}`));
      const wav = await (await request.get((await link.getAttribute('href')) ?? '')).body();
      const start = wav.indexOf('data') + 8;
      const got = Array.from({ length: (wav.length - start) / 2 }, (_, i) => wav.readInt16LE(start + 2 * i));
      expect(got).toHaveLength(RATE / 10);
      const off = got.map((sample, i) => Math.abs(sample - 0.5 * Math.sin(i * (0.1 + step / 50)) * 32767));
      expect(Math.max(...off)).toBeLessThanOrEqual(1); // some writers round, others cut
    }
  }
  await expect(card(page, 'sound').getByRole('region', { name: 'tensorflow' })).toContainText('as labelled');
});

test('words', async ({ page }) => {
  for (const step of STEPS) {
    await open(page, address, 'text', 'note', step);
    for (const run of RUNS) {
      const cell = page.getByRole('region', { name: run, exact: true }); // torch's tag has an ending of its own
      await expect(cell.getByRole('heading', { name: `Step ${step}` })).toBeVisible();
      await expect(cell.locator('.body')).toHaveText(new RegExp(`^\\s*Step ${step}\\s*hello world\\s*$`));
      await expect(cell.locator('strong')).toHaveText('world');
    }
  }
});

test('vertices, faces and colours', async ({ page }) => {
  const answers = new Map<string, Buffer>();
  page.on('response', (response) => {
    const { pathname, searchParams } = new URL(response.url());
    const name = `${searchParams.get('run')} ${searchParams.get('row')}`;
    if (pathname.endsWith('mesh/geometry')) void response.body().then((body) => answers.set(name, body));
  });
  await page.goto(`${address}?kind=mesh`);
  for (const step of STEPS.toReversed()) {
    const row = STEPS.indexOf(step);
    if (row === 0) await card(page, 'body').getByRole('slider', { name: 'Step of body' }).fill('0');
    for (const run of RUNS) {
      await expect.poll(() => answers.has(`${run} ${row}`)).toBe(true);
      const bytes = answers.get(`${run} ${row}`) ?? Buffer.alloc(0);
      const header = JSON.parse(bytes.toString('utf8', 8, 8 + bytes.readUInt32LE(4))) as {
        arrays: { offset: number }[];
        vertices: number;
        faces: number;
        colors: number;
      };
      const read = (name: 'vertices' | 'faces' | 'colors', count: number, of: (at: number) => number) =>
        Array.from({ length: count }, (_, i) =>
          of(header.arrays[header[name]].offset + i * (name === 'colors' ? 1 : 4)),
        );
      expect(read('vertices', 12, (at) => bytes.readFloatLE(at))).toEqual(
        [0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3].map((value) => value + step),
      );
      expect(read('faces', 9, (at) => bytes.readInt32LE(at))).toEqual([0, 1, 2, 0, 2, 3, 0, 1, 3]);
      expect(read('colors', 12, (at) => bytes.readUInt8(at))).toEqual(
        Array.from({ length: 12 }, (_, i) => 20 * i),
      );
    }
  }
});
