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

/** Writes the curves; answers with the average precision of each tag that scikit-learn gives. */
function write(logdir: string, ...more: string[]): Record<string, number> {
  const said = execFileSync(PYTHON, [join(__dirname, 'write_pr_curves.py'), logdir, ...more]);
  return JSON.parse(said.toString()) as Record<string, number>;
}

test('three classes of the tutorial by torch and by us, with the average precision that scikit-learn gives', async ({
  server,
  page,
}) => {
  const expected = write(server.logdir, 'torch');
  await page.goto(`${await server.start()}?kind=pr_curve`);
  expect(Object.keys(expected)).toEqual([0, 1, 2].map((i) => `add_pr_curve 实例：/label_${i}`));
  await expect(page.getByRole('article')).toHaveCount(3);
  await expect(page.getByRole('region', { name: 'add_pr_curve 实例：', exact: true })).toBeVisible();
  for (const [tag, precision] of Object.entries(expected)) {
    await expect(card(page, tag).getByRole('heading')).toHaveText(tag);
    for (const run of ['iris', 'torch']) {
      const cell = areas(page, tag, run).getByRole('cell').nth(1);
      await expect(cell).toHaveText(String(Number(precision.toPrecision(4))));
    }
    // The curves are the same: one lies over the other.
    const colours = await Promise.all(['iris', 'torch'].map((run) => colourOf(runRow(page, run))));
    const drawn = async (): Promise<number> =>
      Math.max(...(await Promise.all(colours.map((colour) => pixelsOf(card(page, tag), colour)))));
    await expect.poll(drawn).toBeGreaterThan(50);
  }
});

test.describe('of two runs', () => {
  test.beforeEach(async ({ server, page }) => {
    write(server.logdir);
    await page.goto(`${await server.start()}?kind=pr_curve`);
    await expect(areas(page, TAG, 'noise')).toBeVisible();
  });

  test('a point tells its threshold, counts and ratios', async ({ page }) => {
    const box = await plot(page, TAG).boundingBox();
    await plot(page, TAG).hover({
      position: { x: (box?.width ?? 0) - 14, y: (box?.height ?? 0) - 100 },
    });
    for (const name of ['Threshold', 'Precision', 'Recall', 'F1', 'TP', 'FP', 'TN', 'FN']) {
      await expect(
        page.getByRole('tooltip').getByRole('row', { name: new RegExp(`^${name} `) }),
      ).toBeVisible();
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
    await plot(page, TAG).hover({
      position: { x: (box?.width ?? 0) - 14, y: 12 },
    });
    await expect(page.getByRole('tooltip').getByRole('row', { name: 'False positive rate 1' })).toBeVisible();
  });

  test('playing goes through the steps and stops at the last', async ({ page }) => {
    const slider = card(page, TAG).getByRole('slider');
    await slider.fill('0');
    await expect(page).toHaveURL(/at=1\b/);
    await card(page, TAG).getByRole('button', { name: 'Play' }).click();
    await expect(card(page, TAG).getByRole('button', { name: 'Pause' })).toBeVisible();
    await expect(slider).toHaveValue('2');
    await expect(card(page, TAG).getByRole('button', { name: 'Play' })).toBeVisible();
    await expect(page).not.toHaveURL(/at=/);
  });

  test('lines of equal F-measure are drawn, and can be left out', async ({ page }) => {
    const picture = (): Promise<string> =>
      card(page, TAG)
        .locator('canvas')
        .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    const colour = await colourOf(runRow(page, 'noise'));
    await expect.poll(() => pixelsOf(card(page, TAG), colour)).toBeGreaterThan(50);
    const guided = await picture();
    await page.getByText('Guide lines').click();
    await expect.poll(picture).not.toBe(guided);
    await page.getByText('Guide lines').click();
    await expect.poll(picture).toBe(guided);
  });
});
