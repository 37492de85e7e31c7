// PR curves: the tutorial's case end to end, two runs at one step, what a threshold says, ROC.
import { expect, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { colourOf, pixelsOf, PYTHON, test } from './server';

const TAG = 'add_pr_curve 实例：/label_0';
const card = (page: Page, tag: string) => page.getByRole('article', { name: tag, exact: true });
const areas = (page: Page, tag: string, run: string) =>
  card(page, tag).getByRole('row', { name: new RegExp(`^${run}\\b`) });
const plot = (page: Page, tag: string) => card(page, tag).getByRole('img');
const runRow = (page: Page, run: string) =>
  page.locator('aside').locator('[style*="--run"]').filter({ hasText: run }).first();

let expected: Record<string, number>;
test.beforeEach(async ({ server, page }) => {
  const said = execFileSync(PYTHON, [join(__dirname, 'write_pr_curves.py'), server.logdir]);
  expected = JSON.parse(said.toString()) as Record<string, number>;
  await page.goto(`${await server.start()}?kind=pr_curve`);
  await expect(areas(page, TAG, 'noise')).toBeVisible();
});

test('three classes of the tutorial, with the average precision that scikit-learn gives', async ({
  page,
}) => {
  expect(Object.keys(expected)).toHaveLength(3);
  for (const [tag, precision] of Object.entries(expected)) {
    const cell = areas(page, tag, 'iris').getByRole('cell').nth(1);
    await expect(cell).toHaveText(String(Number(precision.toPrecision(4))));
    const colour = await colourOf(runRow(page, 'iris'));
    await expect.poll(() => pixelsOf(card(page, tag), colour)).toBeGreaterThan(50);
  }
});

test('a point tells its threshold, counts and ratios', async ({ page }) => {
  const box = await plot(page, TAG).boundingBox();
  await plot(page, TAG).hover({ position: { x: (box?.width ?? 0) - 14, y: (box?.height ?? 0) - 100 } });
  for (const name of ['Threshold', 'Precision', 'Recall', 'F1', 'TP', 'FP', 'TN', 'FN']) {
    await expect(page.getByRole('tooltip').getByRole('row', { name: new RegExp(`^${name} `) })).toBeVisible();
  }
});

test('the slider moves each run to its nearest step, and says which that is', async ({ page }) => {
  const newest = await areas(page, TAG, 'noise').getByRole('cell').nth(1).textContent();
  await card(page, TAG).getByRole('slider').fill('1');
  await expect(page).toHaveURL(/at=2/);
  await expect(areas(page, TAG, 'noise').getByRole('cell').nth(1)).not.toHaveText(newest ?? '');
  await expect(areas(page, TAG, 'iris')).toContainText('Step 1');
  await expect(areas(page, TAG, 'noise')).not.toContainText('Step');
});

test('ROC from the same counts', async ({ page }) => {
  const colour = await colourOf(runRow(page, 'noise'));
  await page.getByText('ROC', { exact: true }).click();
  await expect.poll(() => pixelsOf(card(page, TAG), colour)).toBeGreaterThan(50);
  const box = await plot(page, TAG).boundingBox();
  await plot(page, TAG).hover({ position: { x: (box?.width ?? 0) - 14, y: 12 } });
  await expect(page.getByRole('tooltip').getByRole('row', { name: 'False positive rate 1' })).toBeVisible();
});
