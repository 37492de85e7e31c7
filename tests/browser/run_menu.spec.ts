// A run's menu, from the list and from its line; colours by rule and by choice; comparison with a baseline.
import { expect, type Page } from '@playwright/test';
import { colourOf, pixelsOf, plotOf, test } from './server';

const loss = (page: Page) => page.getByRole('article', { name: 'train/loss' });
const row = (page: Page, run: string) => page.locator('.row', { hasText: run });
const menu = (page: Page) => page.getByRole('dialog', { name: /^Menu of/ });

test.beforeEach(async ({ server, page }) => {
  server.write(0, 200, 'a/adam', 'a/sgd', 'b/lion');
  await page.goto(await server.start());
  await expect(loss(page)).toBeVisible();
});

test('a chosen colour is drawn, kept by the browser, and taken back', async ({ page }) => {
  const before = await colourOf(row(page, 'adam'));
  await row(page, 'adam').click({ button: 'right' });
  await menu(page).getByLabel('Another colour').fill('#00c8ff');
  await page.keyboard.press('Escape');
  await expect.poll(() => pixelsOf(loss(page), '#00c8ff')).toBeGreaterThan(100);
  await page.reload();
  await expect.poll(() => pixelsOf(loss(page), '#00c8ff')).toBeGreaterThan(100);
  await row(page, 'adam').click({ button: 'right' });
  await menu(page).getByText('Colour by the rule again').click();
  expect(await colourOf(row(page, 'adam'))).toBe(before);
});

test('a click on a line opens the menu of its run', async ({ page }) => {
  await page.getByRole('checkbox', { name: 'Show a/sgd' }).uncheck();
  await page.getByRole('checkbox', { name: 'Show b/lion' }).uncheck();
  const plot = await plotOf(loss(page)).boundingBox();
  if (!plot) throw new Error('no chart of train/loss');
  await expect.poll(async () => pixelsOf(loss(page), await colourOf(row(page, 'adam')))).toBeGreaterThan(100);
  // The curve has fallen to its lowest on the right: five hundredths of the height above the axis.
  await page.mouse.click(plot.x + plot.width - 20, plot.y + 8 + (plot.height - 32) * 0.95);
  await expect(menu(page)).toContainText('adam');
  await menu(page).getByText('Hide this run').click();
  await expect(page.getByText('No run is ticked.')).toBeVisible();
});

test('runs of a folder share a colour, and dashes tell them apart', async ({ page }) => {
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByText('A folder each').click();
  await page.keyboard.press('Escape');
  const shared = await colourOf(row(page, 'adam'));
  expect(await colourOf(row(page, 'sgd'))).toBe(shared);
  expect(await colourOf(row(page, 'lion'))).not.toBe(shared);
  await expect(page).toHaveURL(/colour_by=folder/);
  await page.getByRole('checkbox', { name: 'Show a/adam' }).uncheck();
  await expect.poll(() => pixelsOf(loss(page), shared)).toBeGreaterThan(200);
  const solid = await pixelsOf(loss(page), shared);
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByText('Dashes tell apart').click();
  await page.keyboard.press('Escape');
  await expect.poll(() => pixelsOf(loss(page), shared)).toBeLessThan(solid * 0.9);
});

test('a pinned run stands first, and the readout gives differences to the baseline', async ({ page }) => {
  await row(page, 'lion').hover();
  await page.getByRole('button', { name: 'Menu of b/lion' }).click();
  await menu(page).getByText('Pin to the top').click();
  await expect(page.locator('.row').first()).toContainText('lion');
  await row(page, 'adam').click({ button: 'right' });
  await menu(page).getByText('Compare the others with it').click();
  const plot = await plotOf(loss(page)).boundingBox();
  if (!plot) throw new Error('no chart of train/loss');
  await page.mouse.move(plot.x + 60, plot.y + 40);
  await expect(page.getByRole('tooltip')).toContainText('To the baseline');
  // The loss of the second run lies 0.2 above the first's.
  await expect(page.getByRole('tooltip').getByRole('row', { name: /sgd/ })).toContainText(/\+0\.2 \(\+\d/);
  await expect(page).toHaveURL(/pin_run=b\/lion&baseline=a\/adam/);
});
