// Runs found by what they did: typed, chosen in a card's menu, live, in the link, and undone.
import { expect, type Page } from '@playwright/test';
import { test } from './server';

const box = (page: Page) => page.locator('#run-filter');
const rows = (page: Page) => page.locator('.row label');
const ticked = (page: Page) => page.locator('.row input:checked');
const mode = (page: Page) => page.getByRole('button', { name: 'Query instead of regular expression' });
const chart = (page: Page, runs: number) =>
  page.getByRole('article', { name: 'train/loss' }).getByLabel(new RegExp(`: ${runs} runs\\.`));

test.beforeEach(async ({ server, page }) => {
  server.write(0, 200, 'a/adam', 'a/sgd', 'b/lion');
  await page.goto(await server.start());
  await expect(chart(page, 3)).toBeVisible();
});

test('a query decides which runs are listed and drawn, and gives the ticks back', async ({ page }) => {
  await page.getByRole('checkbox', { name: 'Show b/lion' }).uncheck();
  await box(page).fill('train/loss.min < 0.3 and name ~ "s"');
  await expect(mode(page)).toHaveAttribute('aria-pressed', 'true');
  await expect(rows(page)).toHaveText(['a/sgd']);
  await expect(chart(page, 1)).toBeVisible();
  await expect(page).toHaveURL(/run_query=train\/loss\.min/);
  await page.reload();
  await expect(rows(page)).toHaveText(['a/sgd']);
  await expect(chart(page, 1)).toBeVisible();
  await page.getByRole('button', { name: 'Clear filter' }).first().click();
  await expect(rows(page)).toHaveCount(3);
  await expect(page).not.toHaveURL(/run_query/);
});

test('ticks made before a query come back after it', async ({ page }) => {
  await page.getByRole('checkbox', { name: 'Show b/lion' }).uncheck();
  await box(page).fill('accuracy.last < 0.9 or name = "b/lion"');
  await expect(chart(page, 1)).toBeVisible();
  await box(page).fill('');
  await expect(chart(page, 2)).toBeVisible();
  await expect(page.getByRole('checkbox', { name: 'Show b/lion' })).not.toBeChecked();
});

test('a mistake is told with its place, and the last answer holds', async ({ page }) => {
  await box(page).fill('train/loss.min < 0.3');
  await expect(rows(page)).toHaveCount(2);
  await box(page).fill('train/loss.min < 0.3 and trian/loss.last < 1');
  await expect(page.locator('#run-filter-error')).toContainText('Is “train/loss.last” meant?');
  await expect(page.locator('#run-filter-error mark')).toHaveText('trian/loss.last');
  await expect(rows(page)).toHaveCount(2);
  await expect(box(page)).toHaveAttribute('aria-invalid', 'true');
});

test('an expression stays one, and the switch says which it is', async ({ page }) => {
  await box(page).fill('sgd|lion');
  await expect(mode(page)).toHaveAttribute('aria-pressed', 'false');
  await expect(rows(page)).toHaveText(['a/sgd', 'b/lion']);
  await expect(ticked(page)).toHaveCount(2);
  await expect(chart(page, 3)).toBeVisible();
  await mode(page).click();
  await expect(page.locator('#run-filter-error')).toContainText('has no meaning here');
  await mode(page).click();
  await expect(rows(page)).toHaveText(['a/sgd', 'b/lion']);
});

test('examples fill an empty query', async ({ page }) => {
  await mode(page).click();
  await page.getByRole('button', { name: /^best 5 by accuracy\.min/ }).click();
  await expect(box(page)).toHaveValue('best 5 by accuracy.min');
  await expect(page.getByText('3 listed')).toBeVisible();
});

test('the best runs are kept while they are the best', async ({ page, server }) => {
  const menu = page.getByRole('button', { name: 'Axes and downloads of train/loss' });
  await menu.click();
  await page.getByRole('textbox', { name: 'How many of the best' }).fill('1');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(box(page)).toHaveValue('best 1 by train/loss.last lowest');
  await expect(rows(page)).toHaveText(['a/adam']);
  await expect(chart(page, 1)).toBeVisible();
  // A run that is better from its first step on.
  server.restart(4000, 4010, 'new');
  await expect(rows(page)).toHaveText(['new']);
  await menu.click();
  await page.getByRole('button', { name: 'All again' }).click();
  await expect(rows(page)).toHaveCount(4);
  await expect(chart(page, 4)).toBeVisible();
});

test('the run table shows what the query finds', async ({ page }) => {
  await box(page).fill('best 1 by accuracy.last highest');
  await expect(rows(page)).toHaveText(['b/lion']);
  await page
    .getByRole('tab', { name: /Runs/ })
    .or(page.getByRole('button', { name: /^Runs/ }))
    .first()
    .click();
  await expect(page.getByRole('table').getByRole('row', { name: /lion/ })).toBeVisible();
  await expect(page.getByRole('table').getByRole('row', { name: /adam/ })).toHaveCount(0);
});
