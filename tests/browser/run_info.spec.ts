// What runs recorded of their circumstances: from the run's menu, beside another's, and as columns.
import { expect, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { PYTHON, test, type Server } from './server';

async function open(server: Server, page: Page, query: string): Promise<void> {
  execFileSync(PYTHON, [join(__dirname, 'write_circumstances.py'), server.logdir]);
  await page.goto(`${await server.start()}?${query}`);
}

const line = (page: Page, name: string) => page.getByRole('row', { name: new RegExp(`^${name} `) });

test('a run tells of itself, and how another differs', async ({ server, page }) => {
  await open(server, page, '');
  await page.getByRole('button', { name: 'Menu of a', exact: true }).press('Enter');
  await page.getByRole('button', { name: 'Circumstances' }).last().click();
  await expect(line(page, 'Command')).toContainText("python train.py --note 'two words'");
  await expect(line(page, 'GPUs')).toContainText('H100');
  await expect(page.getByLabel('Uncommitted changes')).toContainText('+depth = 6');
  await expect(line(page, 'torch')).toBeHidden();
  await page.getByText('Packages').click();
  await expect(line(page, 'torch')).toContainText('2.12.0');
  await page.getByRole('combobox', { name: 'Compare with' }).selectOption('b');
  await expect(line(page, 'Host')).toHaveText(/gpu0\s*gpu1/);
  await expect(line(page, 'torch')).toHaveText(/2\.12\.0\s*2\.13\.0/);
  await expect(line(page, 'numpy')).toHaveCount(0);
  await expect(page.getByLabel('Uncommitted changes')).toHaveCount(2);
  await page.reload();
  await expect(line(page, 'Host')).toHaveText(/gpu0\s*gpu1/);
  await page.getByText('Differing only').click();
  await expect(line(page, 'numpy')).toContainText('2.1.0');
});

test('circumstances are there of all runs, and looking at them ticks none', async ({ server, page }) => {
  await open(server, page, '');
  await page.getByRole('button', { name: 'None', exact: true }).click();
  await page.getByRole('button', { name: 'Circumstances' }).click();
  await expect(line(page, 'Host')).toContainText('gpu0');
  await page.getByRole('combobox', { name: 'Run', exact: true }).selectOption('b');
  await expect(line(page, 'Host')).toContainText('gpu1');
  await page.getByRole('button', { name: 'Menu of a', exact: true }).press('Enter');
  await page.getByRole('button', { name: 'Circumstances' }).last().click();
  await expect(line(page, 'Host')).toContainText('gpu0');
  await expect(page.getByText('0 of 3', { exact: true })).toBeVisible();
});

test('circumstances are columns of the run table', async ({ server, page }) => {
  await open(server, page, 'kind=hparams');
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'Host' }).check();
  await page.getByRole('checkbox', { name: 'Command' }).check();
  await page.keyboard.press('Escape');
  const grid = page.getByRole('table', { name: 'Table of runs' });
  await expect(grid.getByRole('row').nth(1)).toContainText('gpu0');
  await expect(grid.getByRole('row').nth(2)).toContainText("python train.py --note 'two words'");
  await grid.getByRole('button', { name: 'Sort by Host;' }).click();
  await grid.getByRole('button', { name: 'Sort by Host;' }).click();
  await expect(grid.getByRole('rowheader').first()).toContainText('b');
  await grid.getByRole('button', { name: 'Menu of b', exact: true }).click();
  await page.getByRole('button', { name: 'Circumstances' }).last().click();
  await expect(line(page, 'Host')).toContainText('gpu1');
});
