// Histograms: over steps in four forms, of all runs at one step, with the numbers beside them.
import { expect, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { colourOf, pixelsOf, PYTHON, ROOT, test } from './server';

const card = (page: Page, tag: string) => page.getByRole('article', { name: tag, exact: true });
const plot = (page: Page, tag: string, run: string) =>
  card(page, tag).getByRole('img', { name: `Histograms ${tag}: ${run}` });
const numbers = (page: Page, tag: string, run: string) =>
  card(page, tag).getByRole('row', { name: new RegExp(`^${run}\\b`) });
const runRow = (page: Page, run: string) =>
  page.locator('aside').locator('[style*="--run"]').filter({ hasText: run });

test.beforeEach(async ({ server, page }) => {
  execFileSync(PYTHON, [join(__dirname, 'write_histograms.py'), server.logdir]);
  await page.goto(`${await server.start()}?kind=histogram`);
  await expect(numbers(page, 'weights', 'b')).toBeVisible();
});

test('a pane for each run, and the numbers of the newest step, NaN and infinities apart', async ({
  page,
}) => {
  await expect(plot(page, 'weights', 'a')).toBeVisible();
  await expect(plot(page, 'weights', 'b')).toBeVisible();
  await expect(numbers(page, 'weights', 'a').getByRole('cell').nth(1)).toHaveText('400');
  await expect(numbers(page, 'weights', 'b').getByRole('cell').nth(6)).toHaveText('1');
  await expect(numbers(page, 'weights', 'b').getByRole('cell').nth(7)).toHaveText('1');
  await expect(numbers(page, 'weights', 'a').getByRole('cell').nth(7)).toHaveText('0');
});

test('sums of steps say so, and single steps do not', async ({ page }) => {
  await expect(card(page, 'many').getByText('Up to 5 neighbouring steps are added up')).toBeVisible();
  await expect(card(page, 'weights').getByText('added up')).toHaveCount(0);
  await plot(page, 'many', 'a').hover({ position: { x: 60, y: 150 } });
  await expect(page.getByRole('tooltip')).toContainText('sum of 5 histograms');
  await expect(page.getByRole('tooltip')).toContainText(/Bucket\s*0 … 5\s*Count\s*5 \(50 %\)/);
});

test('one slider moves all cards, and a click on a chart chooses its step', async ({ page }) => {
  const slider = card(page, 'weights').getByRole('slider');
  await slider.fill('3');
  await expect(page).toHaveURL(/at=30/);
  await expect(card(page, 'many').getByText('Step 30').first()).toBeVisible();
  await page.getByText('Heat map', { exact: true }).click();
  const box = await plot(page, 'weights', 'a').boundingBox();
  const last = { x: (box?.width ?? 0) - 14, y: 60 };
  // The heat map is there when the pointer finds the last step in it.
  await expect(async () => {
    await plot(page, 'weights', 'a').hover({ position: { x: last.x - 1, y: last.y } });
    await plot(page, 'weights', 'a').hover({ position: last });
    await expect(page.getByRole('tooltip')).toContainText('Step 90', { timeout: 1000 });
  }).toPass();
  await plot(page, 'weights', 'a').click({ position: last });
  await expect(slider).toHaveValue('9');
});

for (const mode of ['Ridges', 'Overlay', 'Heat map', 'Percentiles', 'One step']) {
  test(`${mode} is drawn in the run's colour`, async ({ page }) => {
    await page.getByText(mode, { exact: true }).click();
    const colour = await colourOf(runRow(page, 'b').first());
    const pane = mode === 'One step' ? plot(page, 'weights', '2') : plot(page, 'weights', 'b');
    await expect.poll(() => pixelsOf(pane, colour)).toBeGreaterThan(20);
  });
}

test('percentiles under the pointer, and buckets of two runs at one step', async ({ page }) => {
  await page.getByText('Percentiles', { exact: true }).click();
  await plot(page, 'weights', 'a').hover();
  await expect(page.getByRole('tooltip')).toContainText(/100 %.*50 %.*0 %/);
  await page.getByText('One step', { exact: true }).click();
  await plot(page, 'weights', '2').hover();
  await expect(page.getByRole('tooltip')).toContainText('Bucket');
});

test('a logarithmic axis says what it leaves out', async ({ page }) => {
  await page.getByRole('combobox', { name: 'Values' }).selectOption('log');
  await expect(card(page, 'weights').getByText('Values up to 0 are not on this axis')).toBeVisible();
  await page.getByRole('combobox', { name: 'Values' }).selectOption('symlog');
  await expect(card(page, 'weights').getByText('not on this axis')).toHaveCount(0);
});

test('a new step is asked for alone, and drawn', async ({ server, page }) => {
  await expect(card(page, 'weights').getByText('Step 90').first()).toBeVisible();
  const news = page.waitForResponse(
    (response) =>
      response.url().endsWith('api/histogram/slices') &&
      (response.request().postData() ?? '').includes('"have":{"a":['),
  );
  const program =
    'import sys; from runlens import SummaryWriter\n' +
    'with SummaryWriter(sys.argv[1] + "/a") as writer: writer.add_histogram("weights", [1.0, 2.0], 100)';
  execFileSync(PYTHON, ['-c', program, server.logdir]);
  const answer = await (await news).body();
  const header = JSON.parse(answer.subarray(8, 8 + answer.readUInt32LE(4)).toString()) as {
    charts: { tag: string; series: { run: string; from: number; held: unknown[] }[] }[];
  };
  const weights = header.charts.find(({ tag }) => tag === 'weights')?.series ?? [];
  expect(weights.map(({ run, from, held }) => [run, from, held[1]])).toEqual([
    ['a', 10, 11],
    ['b', 10, 10],
  ]);
  await expect(card(page, 'weights').getByText('Step 100').first()).toBeVisible();
  await expect(numbers(page, 'weights', 'a').getByRole('cell').nth(1)).toHaveText('2');
});

test('the axis of steps can be time', async ({ page }) => {
  await page.getByText('Heat map', { exact: true }).click();
  for (const [axis, said] of [
    ['relative', /a\s*[\d.]+ ?(ms|s)/],
    ['wall', /a\s*.*\d{1,2}:\d{2}/],
    ['step', /a\s*Step \d+/],
  ] as const) {
    await page.getByRole('combobox', { name: 'X axis' }).selectOption(axis);
    await plot(page, 'weights', 'a').hover({ position: { x: 100, y: 60 } });
    await expect(page.getByRole('tooltip')).toContainText(said);
  }
});

test('outliers can be left out of the axis, which then says so', async ({ page }) => {
  const colour = await colourOf(runRow(page, 'b').first());
  await expect.poll(() => pixelsOf(plot(page, 'weights', 'b'), colour)).toBeGreaterThan(20);
  const spike = await pixelsOf(plot(page, 'tailed', 'b'), colour);
  await page.getByText('Ignore outliers').click();
  await expect(card(page, 'tailed').getByText('Outliers are beyond this axis')).toBeVisible();
  await expect(card(page, 'many').getByText('Outliers are beyond')).toHaveCount(0);
  await expect.poll(() => pixelsOf(plot(page, 'tailed', 'b'), colour)).toBeGreaterThan(10 * spike + 100);
});

test('what TensorFlow logged', async ({ server, page }) => {
  await server.stop();
  cpSync(join(ROOT, 'tests/data/tensorflow'), server.logdir, { recursive: true });
  await page.goto(`${await server.start()}?kind=histogram`);
  await expect(page.getByRole('table', { name: 'Statistics of the step' }).first()).toBeVisible();
  await expect(page.getByText('cannot be shown')).toHaveCount(0);
});
