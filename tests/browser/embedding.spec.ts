// The projector on the real server: points drawn by WebGL, picked, searched, isolated, projected otherwise.
import { expect, type Locator, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PYTHON, test, type Server } from './server';

async function open(page: Page, server: Server): Promise<Locator> {
  execFileSync(PYTHON, [join(__dirname, 'write_embeddings.py'), server.logdir]);
  await page.goto(await server.start());
  const canvas = page.locator('canvas[data-points="400"]');
  await expect(canvas).toBeVisible();
  return canvas;
}

/** How many pixels are nearly of a colour. */
function painted(canvas: Locator, colour: readonly number[]): Promise<number> {
  return canvas.evaluate((element: HTMLCanvasElement, wanted) => {
    const copy = document.createElement('canvas');
    [copy.width, copy.height] = [element.width, element.height];
    const context = copy.getContext('2d');
    context?.drawImage(element, 0, 0);
    const data = context?.getImageData(0, 0, copy.width, copy.height).data ?? [];
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 3] > 200 && wanted.every((part, k) => Math.abs(part - data[i + k]) < 24)) count++;
    }
    return count;
  }, colour);
}

const CAT = [0x25, 0x63, 0xd9];
const DOG = [0xd9, 0x66, 0x0a];

test('draws points in the colours of their kinds, and says what share of the variance is seen', async ({
  page,
  server,
}) => {
  const canvas = await open(page, server);
  for (const colour of [CAT, DOG]) await expect.poll(() => painted(canvas, colour)).toBeGreaterThan(500);
  await expect(page.getByText('400 points × 16 dimensions')).toBeVisible();
  await expect(page.getByText(/% of the variance is shown/)).toBeVisible();
  await expect(page.getByLabel('Colours').getByText('owl')).toBeVisible();
  await page.getByText('2D', { exact: true }).click();
  await expect.poll(() => painted(canvas, CAT)).toBeGreaterThan(500);
  await page.getByRole('combobox', { name: 'Colour by' }).selectOption('null');
  await expect.poll(() => painted(canvas, DOG)).toBe(0);
});

test('a search selects, a click finds neighbours, isolating hides the rest', async ({ page, server }) => {
  const canvas = await open(page, server);
  await page.getByPlaceholder('Search labels').fill('^dog 10[0-4]$');
  await page.getByRole('switch', { name: 'Regex' }).check();
  await expect(page.getByText('5 points selected')).toBeVisible();
  await page.getByRole('button', { name: 'dog 103' }).click();
  await expect(page.getByText('101 points: one and its nearest neighbours')).toBeVisible();
  await page.getByRole('button', { name: 'Isolate 101' }).click();
  await expect.poll(() => painted(canvas, DOG)).toBeGreaterThan(500);
  await expect.poll(() => painted(canvas, [0x0f, 0x8a, 0x5f])).toBeLessThan(400);
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect.poll(() => painted(canvas, [0x0f, 0x8a, 0x5f])).toBeGreaterThan(500);
});

test('a box selects what it holds; a point under the pointer tells its labels', async ({ page, server }) => {
  const canvas = await open(page, server);
  await page.getByText('Box', { exact: true }).click();
  const box = await canvas.boundingBox();
  if (!box) throw new Error('the picture has no place');
  await page.mouse.move(box.x + 2, box.y + 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 2, box.y + box.height - 2, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByText(/^(39\d|400) points selected$/)).toBeVisible();
  // The labels stand beside their points.
  const label = await page.locator('.labels span').first().boundingBox();
  await page.mouse.move((label?.x ?? 0) - 8, (label?.y ?? 0) + 9);
  await expect(page.getByRole('status').filter({ hasText: 'age' })).toContainText(/cat \d+kind catage/);
});

test('custom axes, images, another step, Chinese', async ({ page, server }) => {
  const canvas = await open(page, server);
  await page.getByText('Custom', { exact: true }).click();
  await page.getByLabel('x: from').fill('cat');
  await page.getByLabel('x: to').fill('dog');
  await page.getByLabel('x: to').press('Enter');
  await expect(page.getByText('100 and 100 points')).toBeVisible();
  await page.getByText('PCA', { exact: true }).click();
  await page.getByRole('slider', { name: 'Step of layer' }).press('Home');
  await expect(page.getByText('Step 0')).toBeVisible();
  await page.getByRole('combobox', { name: 'Embedding' }).selectOption('pictures');
  await expect(page.getByLabel('Images')).toBeChecked();
  await expect.poll(() => painted(canvas, [229, 178, 25])).toBeGreaterThan(300);
  await page.getByRole('button', { name: '中文' }).click();
  await expect(page.getByText('显示了')).toBeVisible();
});

test('tells what is wrong with the files, notices that they changed', async ({ page, server }) => {
  await open(page, server);
  const config = join(server.logdir, 'b', 'projector_config.pbtxt');
  writeFileSync(join(server.logdir, 'b', 'odd.tsv'), '1\t2\n3\tx\n5\t6\n');
  appendFileSync(
    config,
    'embeddings { tensor_name: "odd" tensor_path: "odd.tsv" metadata_path: "../../m.tsv" }',
  );
  await page.getByRole('combobox', { name: 'Embedding' }).selectOption('odd');
  await expect(page.locator('canvas[data-points="3"]')).toBeVisible();
  await expect(page.getByText('lines that hold what is no number: 1; line 2 is one')).toBeVisible();
  await expect(
    page.getByText("'../../m.tsv' lies outside the run's folder, so it is not opened"),
  ).toBeVisible();
  appendFileSync(join(server.logdir, 'b', 'odd.tsv'), '7\t8\n');
  await expect(page.locator('canvas[data-points="4"]')).toBeVisible();
});

test('what failed is told until it succeeds, whatever else succeeds', async ({ page, server }) => {
  execFileSync(PYTHON, [join(__dirname, 'write_embeddings.py'), server.logdir]);
  const axis = { column: 0, from: '(', to: 'dog', is_regex: true };
  const link = new URL(await server.start());
  link.searchParams.set('projector', JSON.stringify([{ method: 'custom', axes: [axis, axis] }]));
  const refused = page.waitForResponse(/embedding\/places/);
  await page.goto(link.href);
  expect((await refused).status()).toBe(400);
  const stage = page.getByRole('group', { name: 'layer:00020' });
  await expect(stage).toHaveAttribute('aria-busy', 'false');
  await expect(stage.getByRole('alert')).toBeVisible();
  await page.getByPlaceholder('Search labels').fill('cat 1');
  await expect(page.getByText('11 points selected')).toBeVisible();
  await expect(stage.getByRole('alert')).toBeVisible();
  await page.getByText('PCA', { exact: true }).click();
  await expect(page.locator('canvas[data-points="400"]')).toBeVisible();
  await expect(stage.getByRole('alert')).toBeHidden();

  await page.getByPlaceholder('Search labels').fill('(');
  await page.getByRole('switch', { name: 'Regex' }).check();
  await expect(stage.getByRole('alert')).toBeVisible();
  await page.getByPlaceholder('Search labels').fill('');
  await expect(stage.getByRole('alert')).toBeHidden();
});
