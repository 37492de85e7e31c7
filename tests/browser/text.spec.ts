// Texts: formatted, plain, compared, searched; hostile ones harmless, long ones quick.
import { expect, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { PYTHON, test } from './server';

const card = (page: Page, tag: string) => page.getByRole('article', { name: new RegExp(`^${tag}`) });
const cell = (page: Page, tag: string, run: string) => card(page, tag).getByRole('region', { name: run });

let elsewhere: string[] = [];
test.beforeEach(async ({ server, page }) => {
  elsewhere = [];
  page.on('request', (request) => {
    if (!['127.0.0.1', 'localhost'].includes(new URL(request.url()).hostname)) elsewhere.push(request.url());
  });
  execFileSync(PYTHON, [join(__dirname, 'write_texts.py'), server.logdir]);
  await page.goto(`${await server.start()}?kind=text`);
  await expect(cell(page, 'note', 'a').getByRole('heading', { name: 'Step 20' })).toBeVisible();
});

test('Markdown, maths and JSON are shown as they were meant', async ({ page }) => {
  await expect(cell(page, 'note', 'a').locator('strong')).toHaveText('stormy');
  await expect(cell(page, 'note', 'a').locator('math msup')).toHaveCount(1);
  await page.getByRole('combobox', { name: /Filter tags/ }).fill('record');
  await expect(cell(page, 'record', 'b').locator('pre')).toHaveText('{\n  "step": 20,\n  "run": "b"\n}');
});

test('the slider shows another step of all runs', async ({ page }) => {
  await card(page, 'note').getByRole('slider').fill('0');
  for (const run of ['a', 'b']) {
    await expect(cell(page, 'note', run).getByRole('heading', { name: 'Step 0' })).toBeVisible();
  }
});

test('changes are marked, since the step before and against another run', async ({ page }) => {
  await page.getByText('Changes', { exact: true }).click();
  await expect(cell(page, 'note', 'a').locator('del')).toHaveText(['10', 'gray', '10']);
  await expect(cell(page, 'note', 'a').locator('ins')).toHaveText(['20', 'stormy', '20']);
  await page.getByRole('combobox', { name: 'Changes since' }).selectOption('b');
  await expect(cell(page, 'note', 'a').locator('del')).toHaveText(['fine']);
  await expect(cell(page, 'note', 'b').getByText('Nothing changed.')).toBeVisible();
});

test('a step more of a run is no reason to ask again for texts that are shown', async ({ server, page }) => {
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/text/data')) asked.push(request.postData() ?? '');
  });
  await page.getByRole('combobox', { name: /Filter tags/ }).fill('note');
  await page.getByText('Changes', { exact: true }).click();
  await expect(cell(page, 'note', 'a').locator('ins')).toHaveText(['20', 'stormy', '20']);
  asked.length = 0;
  const program =
    'import sys; from runlens import SummaryWriter; ' +
    'w = SummaryWriter(sys.argv[1] + "/b"); w.add_text("note", "newest", 30); w.close()';
  execFileSync(PYTHON, ['-c', program, server.logdir]);
  await expect(cell(page, 'note', 'b').locator('ins')).toContainText(['newest']);
  expect(asked.filter((question) => question.includes('"run":"a"'))).toEqual([]);
});

test('a search goes through all steps', async ({ page }) => {
  await card(page, 'note').getByRole('searchbox').fill('GRAY');
  await card(page, 'note').getByRole('button', { name: /^10 / }).click();
  await expect(cell(page, 'note', 'a').getByRole('heading', { name: 'Step 10' })).toBeVisible();
  await card(page, 'note').getByRole('searchbox').fill('purple');
  await expect(card(page, 'note').getByText('No step says “purple”.')).toBeVisible();
});

test('nothing of a hostile text runs or loads', async ({ page }) => {
  const shown = cell(page, 'hostile', 'a');
  await expect(shown.getByText('end', { exact: true })).toBeVisible();
  expect(await page.evaluate(() => 'hit' in window)).toBe(false);
  await expect(
    shown.locator('.body').locator('script, iframe, style, form, button, svg, [onerror], [style]'),
  ).toHaveCount(0);
  await expect(shown.locator('a[href^="javascript"]')).toHaveCount(0);
  expect(elsewhere).toEqual([]);
});

test('ten megabytes are shown without a long task, as plain lines', async ({ page }) => {
  await page.getByRole('combobox', { name: /Filter tags/ }).fill('long');
  await cell(page, 'long', 'a')
    .getByRole('button', { name: /Show all 11,/ })
    .click();
  const lines = cell(page, 'long', 'a').getByRole('document');
  await expect(lines).toContainText('line 3 of many');
  await expect(cell(page, 'long', 'a').getByText('The first')).toBeHidden();
  await lines.focus();
  await page.keyboard.press('End');
  await expect(lines).toContainText('line 599999 of many');
  expect(await lines.locator('pre').evaluate((pre) => pre.textContent?.split('\n').length ?? 0)).toBeLessThan(
    200,
  );
});

test('a tensor of texts is a table, and code is coloured', async ({ server, page }) => {
  execFileSync(PYTHON, [join(__dirname, 'write_tables.py'), server.logdir]);
  await page.getByRole('combobox', { name: /Filter tags/ }).fill('table|code');
  const table = cell(page, 'table', 'c').getByRole('table').last();
  await expect(table.getByRole('row')).toHaveCount(2);
  await expect(table.getByRole('cell')).toHaveText(['one', 'two', 'three', 'bold four']);
  await expect(table.locator('strong')).toHaveText('bold');
  await expect(cell(page, 'code', 'c').locator('pre [class^="hljs-"]').first()).toBeVisible();
});
