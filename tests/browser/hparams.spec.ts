// The run table: sorting, filtering, columns, baselines, ticks and what leaves it.
import { expect, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PYTHON, test, type Server } from './server';

const grid = (page: Page) => page.getByRole('table', { name: 'Table of runs' });
const names = (page: Page) => grid(page).getByRole('rowheader');
const row = (page: Page, run: string) =>
  grid(page)
    .getByRole('row')
    .filter({ has: page.getByRole('checkbox', { name: `Show ${run}`, exact: true }) });
const head = (page: Page, name: string) => grid(page).getByRole('button', { name: `Sort by ${name};` });
const heads = (page: Page) => grid(page).getByRole('columnheader');

async function open(server: Server, page: Page, runs: number): Promise<void> {
  execFileSync(PYTHON, [join(__dirname, 'write_study.py'), server.logdir, String(runs)]);
  await page.goto(await server.start());
  await page.getByRole('button', { name: /^Runs/ }).click();
  await expect(names(page).first()).toBeVisible();
}

async function menu(page: Page, column: string, item: string): Promise<void> {
  await page.getByRole('button', { name: `More on ${column}` }).click();
  await page.getByRole('button', { name: item, exact: true }).click();
}

test('is there without hyper-parameters, and ticks drive the charts', async ({ server, page }) => {
  server.write(0, 50, 'a', 'b');
  await page.goto(await server.start());
  await page.getByRole('button', { name: /^Runs/ }).click();
  await expect(names(page)).toHaveCount(2);
  await expect(row(page, 'b')).toContainText('49');
  await page.getByRole('button', { name: 'None' }).click();
  await expect(names(page)).toHaveCount(2);
  await grid(page).getByRole('checkbox', { name: 'Show b' }).check();
  await page.getByRole('button', { name: /^Scalars/ }).click();
  await expect(page.getByText('1 of 2')).toBeVisible();
  await expect(page.getByRole('article')).toHaveCount(4);
});

test('sorts by several columns, naturally, and a link keeps it', async ({ server, page }) => {
  await open(server, page, 12);
  await expect(names(page).nth(2)).toContainText('run2');
  await head(page, 'optimizer').click();
  await head(page, 'accuracy').click({ modifiers: ['Shift'] });
  await expect(names(page).first()).toContainText('run10');
  await expect(names(page).last()).toContainText('run1');
  await page.reload();
  await expect(names(page).first()).toContainText('run10');
  await head(page, 'lr').click();
  await head(page, 'lr').click();
  await expect(names(page).first()).toContainText('run11');
});

test('filters by a set and by a range, and shows them as chips', async ({ server, page }) => {
  await open(server, page, 30);
  await page.getByRole('button', { name: 'More on optimizer' }).click();
  await page.getByRole('checkbox', { name: 'sgd 15' }).uncheck();
  await page.keyboard.press('Escape');
  await expect(page.getByText('15 of 30 runs')).toBeVisible();
  await page.getByRole('button', { name: 'More on accuracy' }).click();
  await page.getByRole('textbox', { name: 'From' }).fill('0.9');
  await page.getByRole('textbox', { name: 'From' }).press('Enter');
  await page.keyboard.press('Escape');
  await expect(page.getByText('6 of 30 runs')).toBeVisible();
  await page.getByRole('button', { name: 'Tick these only' }).click();
  await expect(page.getByText('6 of 30', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: /^optimizer: adam/ }).click();
  await expect(page.getByText('11 of 30 runs')).toBeVisible();
});

test('columns come, go, move, are pinned and resized', async ({ server, page }) => {
  await open(server, page, 3);
  await expect(heads(page)).toHaveText([
    /Run/,
    /State/,
    /lr/,
    /optimizer/,
    /accuracy/,
    /Last step/,
    /Duration/,
    /Start/,
  ]);
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'batch' }).check();
  await page.getByRole('combobox', { name: 'Statistic of metrics' }).selectOption('at');
  await page.getByRole('spinbutton', { name: 'Step' }).fill('1');
  await page.getByRole('checkbox', { name: 'accuracy' }).check();
  await page.keyboard.press('Escape');
  await expect(heads(page).last()).toContainText('at 1');
  await expect(row(page, 'run0').getByRole('cell').last()).toHaveText('0.9');
  await menu(page, 'batch', 'Pin');
  await expect(heads(page).nth(1)).toContainText('batch');
  await menu(page, 'State', 'Remove column');
  await expect(heads(page).nth(2)).toContainText('lr');
  await heads(page).nth(3).dragTo(heads(page).nth(2));
  await expect(heads(page).nth(2)).toContainText('optimizer');
  const width = async () => (await heads(page).nth(2).boundingBox())?.width ?? 0;
  const before = await width();
  await page.getByRole('slider', { name: 'Width of optimizer' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(width).toBe(before + 16);
  await page.getByText('Differing only').click();
  await expect(heads(page).nth(1)).toContainText('optimizer');
});

test('shows differences to a baseline', async ({ server, page }) => {
  await open(server, page, 3);
  await grid(page).getByRole('button', { name: 'Compare others to run0' }).click();
  await expect(row(page, 'run2')).toContainText('−2%');
  await page.getByRole('button', { name: /Baseline: run0/ }).click();
  await expect(row(page, 'run2')).not.toContainText('%');
});

test('leaves as a file with all digits', async ({ server, page }) => {
  await open(server, page, 2);
  await page.getByRole('button', { name: 'Export' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as CSV' }).click();
  const lines = readFileSync(await (await download).path(), 'utf8').split('\r\n');
  expect(lines[0]).toBe('Run,State,lr,optimizer,accuracy last,Last step,Duration,Start');
  expect(lines[2]).toMatch(/^run1,finished,0\.1,sgd,0\.9900000095367432,2,[\d.e-]+,\d{4}-\d\d-\d\dT/);
});

test('of many runs only the rows on the screen exist', async ({ server, page }) => {
  server.write(0, 1, ...Array.from({ length: 300 }, (_, i) => `run${i}`));
  await page.goto(`${await server.start()}?kind=hparams`);
  await expect(page.getByText('300 of 300 runs')).toBeVisible();
  expect(await names(page).count()).toBeLessThan(60);
  await grid(page).evaluate((element) => element.scrollTo(0, 1e6));
  await expect(names(page).last()).toContainText('run299');
});

test('follows a growing run', async ({ server, page }) => {
  server.write(0, 50, 'a');
  await page.goto(`${await server.start()}?kind=hparams`);
  await expect(row(page, 'a')).toContainText('49');
  server.write(50, 60, 'a');
  server.write(0, 5, 'b');
  await expect(row(page, 'a')).toContainText('59');
  await expect(names(page)).toHaveCount(2);
});

test('a brush on an axis filters the table too, and a line leads to its curves', async ({ server, page }) => {
  await open(server, page, 10);
  await page.getByText('Parallel coordinates').click();
  await page.getByRole('button', { name: 'Scale of lr: linear' }).click();
  await page.getByRole('button', { name: 'Scale of lr: log' }).click();
  await expect(page.getByRole('button', { name: 'Scale of lr: quantile' })).toBeVisible();
  const rail = page.getByRole('slider', { name: 'Filter of lr' });
  const box = (await rail.boundingBox())!;
  const at = (place: number) => box.y + (1 - place) * box.height;
  await page.mouse.move(box.x + 10, at(0.4));
  await page.mouse.down();
  await page.mouse.move(box.x + 10, at(0.98), { steps: 4 });
  await page.mouse.up();
  await expect(page.getByText('5 of 10 runs')).toBeVisible();
  await expect(page.getByRole('button', { name: /^lr: 0\.4 – 0\.8/ })).toBeVisible();
  await page.getByRole('button', { name: 'Move lr to the right' }).click();
  await expect(page.getByRole('button', { name: 'Move lr to the left' })).toBeVisible();
  await page.getByText('Table', { exact: true }).click();
  await expect(names(page)).toHaveCount(5);
  await expect(heads(page).nth(3)).toContainText('lr');
  await page.getByText('Parallel coordinates').click();
  await page.getByRole('slider', { name: 'Filter of lr' }).focus();
  await page.keyboard.press('Delete');
  await expect(page.getByText('10 of 10 runs')).toBeVisible();
  await expect(page.getByLabel('Parallel coordinates: 10 runs on 3 axes')).toBeVisible();
  const from = (await page.getByRole('slider', { name: 'Filter of lr' }).boundingBox())!;
  const to = (await page.getByRole('slider', { name: 'Filter of accuracy' }).boundingBox())!;
  // The line of the greatest lr falls to the least accuracy: where it is a tenth of the way before its end.
  await page.mouse.move(to.x + 10 - (to.x - from.x) / 10, to.y + 0.9 * to.height);
  await expect(page.getByText('run9 · click to see its curves')).toBeVisible();
  await page.mouse.down();
  await page.mouse.up();
  await expect(page.getByText('1 of 10', { exact: true })).toBeVisible();
  await expect(page.getByRole('article')).toHaveCount(1);
});

test('rows are gathered by a column and by folders, and a click ticks a group', async ({ server, page }) => {
  await open(server, page, 6);
  const groups = grid(page).getByRole('button', { name: /^Hide the runs of/ });
  await page.getByRole('combobox', { name: 'Group by' }).selectOption('optimizer');
  await expect(groups).toHaveCount(2);
  const adam = grid(page)
    .getByRole('row')
    .filter({ has: page.getByRole('button', { name: 'Hide the runs of adam' }) });
  await expect(adam).toContainText('0.98');
  await page.getByRole('combobox', { name: 'Numbers of a group in one' }).selectOption('min');
  await expect(adam).toContainText('0.96');
  await grid(page).getByRole('checkbox', { name: 'Show all of sgd' }).uncheck();
  await expect(page.getByText('3 of 6', { exact: true })).toBeVisible();
  await grid(page).getByRole('button', { name: 'Hide the runs of adam' }).click();
  await expect(names(page)).toHaveCount(5);
  await page.reload();
  await expect(names(page)).toHaveCount(5);
  server.write(0, 3, 'deep/a/1', 'deep/a/2', 'deep/b');
  await page.getByRole('combobox', { name: 'Group by' }).selectOption('Folder');
  await expect(grid(page).getByRole('checkbox', { name: 'Show all of deep/' })).toBeVisible();
  await expect(groups).toHaveCount(2);
  await expect(names(page).first()).toHaveText(/deep\/\s*3/);
});

test('a drag in a scatter plot filters both columns, and a point leads to its curves', async ({
  server,
  page,
}) => {
  await open(server, page, 10);
  await page.getByText('Scatter plots').click();
  const plot = page.getByLabel(/^Scatter-plot matrix/);
  await expect(plot).toHaveAccessibleName('Scatter-plot matrix: 10 runs in 3 plots');
  const middleOf = async (name: string) => {
    const box = (await page.getByTitle(name).boundingBox())!;
    return box.x + box.width / 2;
  };
  const middle = await middleOf('Colour by lr');
  const cell = (await middleOf('Colour by optimizer')) - middle;
  /** To a place in the plot of lr and accuracy, in pixels from its upper corner at the left: chips above move it. */
  const point = async (x: number, y: number) =>
    page.mouse.move(middle - cell / 2 + 5 + x, (await plot.boundingBox())!.y + 52 + y, { steps: 3 });
  await point(12, 20);
  await page.mouse.down();
  await point(0.5 * cell, 200);
  await page.mouse.up();
  await expect(page.getByRole('button', { name: /^lr: / })).toBeVisible();
  await expect(page.getByRole('button', { name: /^accuracy · last: / })).toBeVisible();
  await expect(page.getByText('10 of 10 runs')).toBeHidden();
  await point(0.8 * cell, 12);
  await page.mouse.down();
  await page.mouse.up();
  await expect(page.getByText('10 of 10 runs')).toBeVisible();
  // The least lr has the greatest accuracy.
  await point(8, 8);
  await expect(page.getByText('run0 · click to see its curves')).toBeVisible();
  await page.mouse.down();
  await page.mouse.up();
  await expect(page.getByText('1 of 10', { exact: true })).toBeVisible();
});

test('importance of each hyper-parameter for a metric', async ({ server, page }) => {
  await open(server, page, 10);
  await page.getByText('Importance', { exact: true }).click();
  const rows = page.getByRole('table', { name: 'Importance' }).getByRole('row');
  await expect(rows).toHaveText([/Hyper-parameters/, /lr\s*−1/, /optimizer/, /batch\s*the same in all runs/]);
  await page.getByText('Random forest', { exact: true }).click();
  await expect(rows.nth(1)).toHaveText(/lr\s*[\d.]+\s*−1/);
  await expect(page.getByText('From 10 of 10 runs shown.')).toBeVisible();
});

test('leaves as Parquet', async ({ server, page }) => {
  await open(server, page, 2);
  await page.getByRole('button', { name: 'Export' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as Parquet' }).click();
  const bytes = readFileSync(await (await download).path());
  expect(bytes.subarray(0, 4).toString() + bytes.subarray(-4).toString()).toBe('PAR1PAR1');
  expect(bytes.includes('accuracy last')).toBe(true);
});
