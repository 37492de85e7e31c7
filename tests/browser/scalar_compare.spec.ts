// Several tags in a chart, groups of runs with bands, formulas, another tag as x, reference lines; each is in the link.
import { expect, type Locator, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { plotOf, PYTHON, test } from './server';

const card = (page: Page, tag: string): Locator => page.getByRole('article', { name: tag, exact: true });
const plot = (page: Page, tag: string): Locator => plotOf(card(page, tag));
const readout = (page: Page): Locator => page.getByRole('tooltip');

let home = '';
test.beforeEach(async ({ server, page }) => {
  execFileSync(PYTHON, [join(__dirname, 'write_compared.py'), server.logdir]);
  home = await server.start();
  await page.goto(home);
  await expect(plot(page, 'train/loss')).toBeVisible();
});

async function compare(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Compare/ }).click();
}

async function menu(page: Page, tag: string): Promise<void> {
  await page.getByRole('button', { name: `Axes and downloads of ${tag}` }).click();
}

async function pointAt(page: Page, tag: string, across: number): Promise<void> {
  const box = await plot(page, tag).boundingBox();
  if (!box) throw new Error(`no chart of ${tag}`);
  await page.mouse.move(box.x + 46 + (box.width - 56) * across, box.y + box.height * 0.5);
}

test('a title dragged onto another chart shows both tags there, and the link keeps it', async ({ page }) => {
  await card(page, 'val/loss').getByRole('heading').dragTo(plot(page, 'train/loss'));
  const legend = card(page, 'train/loss').getByRole('list', { name: 'Legend of this chart' });
  await expect(legend.getByRole('listitem')).toHaveText(['train/loss', 'val/loss']);
  await expect(page).toHaveURL(/card=train\/loss&add=val\/loss/);
  await page.reload();
  await expect(plot(page, 'train/loss')).toHaveAttribute('aria-label', /12/);
  await pointAt(page, 'train/loss', 0.5);
  await expect(readout(page).getByRole('columnheader', { name: 'Tag' })).toBeVisible();
  await expect(readout(page).getByRole('cell', { name: 'val/loss' }).first()).toBeVisible();
  await page.mouse.move(5, 5);
  await legend.getByRole('button', { name: 'Take val/loss off this chart' }).click();
  await expect(legend).toHaveCount(0);
  await expect(page).not.toHaveURL(/add=/);
});

test('the keyboard adds a tag by the menu', async ({ page }) => {
  await card(page, 'train/loss')
    .getByRole('button', { name: /Axes and downloads/ })
    .focus();
  await page.keyboard.press('Enter');
  const field = page.getByRole('combobox', { name: 'Add a tag' });
  await field.fill('no such tag');
  await field.press('Enter');
  await expect(page).not.toHaveURL(/add=/);
  await field.fill('epoch');
  await field.press('Enter');
  await expect(page).toHaveURL(/card=train\/loss&add=epoch/);
  await expect(card(page, 'train/loss').getByRole('listitem')).toHaveText(['train/loss', 'epoch']);
});

test('a rule makes tags share a chart', async ({ page }) => {
  await compare(page);
  const field = page.getByRole('textbox', { name: 'New rule' });
  await field.fill('train/*');
  await field.press('Enter');
  await expect(page.getByRole('alert')).toContainText('Want two patterns');
  await field.fill('train/* with val/*');
  await field.press('Enter');
  await page.keyboard.press('Escape');
  await expect(card(page, 'val/loss')).toHaveCount(0);
  await expect(card(page, 'train/loss').getByRole('listitem')).toHaveText(['train/loss', 'val/loss']);
  await page.reload();
  await expect(plot(page, 'train/loss')).toBeVisible();
  await expect(card(page, 'val/loss')).toHaveCount(0);
  // What a filter leaves alone has a card of its own.
  await page.getByRole('combobox', { name: /Filter tags/ }).fill('^val');
  await expect(card(page, 'val/loss')).toBeVisible();
  await page.getByRole('combobox', { name: /Filter tags/ }).fill('');
  await compare(page);
  await page.getByRole('button', { name: 'Remove train/* with val/*' }).click();
  await page.keyboard.press('Escape');
  await expect(card(page, 'val/loss')).toBeVisible();
});

test('groups of runs are curves with a band, and say how many runs take part', async ({ page }) => {
  await compare(page);
  await page.getByRole('combobox', { name: 'Show runs as groups' }).selectOption('A group per folder');
  await page.getByRole('combobox', { name: 'Band around it' }).selectOption('Min – max');
  await page.getByText('Median', { exact: true }).click();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/group_by=folder&centre=median&band=range/);
  await expect(plot(page, 'train/loss')).toHaveAttribute('aria-label', /2/);
  await expect(card(page, 'train/loss').getByRole('listitem')).toHaveText(['cnn', 'vit']);
  await pointAt(page, 'train/loss', 0.5);
  const rows = readout(page).getByRole('row');
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(1).getByRole('cell', { name: '3', exact: true })).toBeVisible();
  await expect(rows.nth(1)).toContainText(/\d – \d/);
  await expect(readout(page).getByRole('columnheader')).toContainText([
    'Group',
    'Value',
    'Min – max',
    'n',
    'Step',
  ]);
  await page.reload();
  await compare(page);
  await expect(page.getByRole('combobox', { name: 'Band around it' })).toHaveValue('range');
  await page.getByRole('combobox', { name: 'Show runs as groups' }).selectOption('By a regular expression');
  await page.getByRole('textbox', { name: 'Runs with the same match' }).fill('(seed\\d)');
  await page.getByRole('textbox', { name: 'Runs with the same match' }).press('Enter');
  await page.keyboard.press('Escape');
  await expect(plot(page, 'train/loss')).toHaveAttribute('aria-label', /3/);
});

test('the bands are those that the server worked out', async ({ page }) => {
  await page.goto(`${home}?group_by=all&band=sem`);
  await expect(plot(page, 'val/loss')).toBeVisible();
  await plot(page, 'val/loss').focus();
  await page.keyboard.press('ArrowRight');
  // 1.25, 0.95, 1.33, 1.03, 1.41 and 1.11: their deviation is 0.1792, a root of six times their error.
  await expect(readout(page).getByRole('row').nth(1)).toContainText(/1\.18\D*1\.107 – 1\.253/);
  await expect(
    readout(page).getByRole('row').nth(1).getByRole('cell', { name: '6', exact: true }),
  ).toBeVisible();
});

test('a formula is a card, and what is none says where', async ({ page }) => {
  await compare(page);
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('gap');
  const field = page.getByRole('textbox', { name: 'New formula' });
  await field.fill('val/loss - ');
  await field.press('Enter');
  await expect(page.getByRole('alert')).toContainText('got the end, want a tag');
  await field.fill('val/loss - absent');
  await field.press('Enter');
  await expect(page.getByRole('alert')).toContainText('No run has the tag absent');
  await field.fill('(val/loss - train/loss) * "val/odd name"');
  await field.press('Enter');
  await page.keyboard.press('Escape');
  await expect(card(page, '= gap').getByRole('heading')).toHaveText(/^gap\s*\(val\/loss/);
  await plot(page, '= gap').focus();
  await page.keyboard.press('ArrowRight');
  await expect(readout(page).getByRole('row').nth(1)).toContainText('0.5');
  await page.reload();
  await expect(plot(page, '= gap')).toBeVisible();
  await card(page, '= gap').getByRole('button', { name: 'Pin to the top' }).click();
  await expect(page.getByRole('region', { name: 'Pinned' }).getByRole('article')).toHaveCount(1);
  await menu(page, '= gap');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'CSV' }).click();
  expect((await download).suggestedFilename()).toBe('gap.csv');
});

test('a broken formula of a link spoils no other card', async ({ page }) => {
  await page.goto(`${home}?formula=bad=val/loss%20*%20(`);
  await expect(card(page, '= bad').getByRole('alert')).toContainText('at letter 13');
  await expect(plot(page, 'train/loss')).toHaveAttribute('aria-label', /6/);
});

test('another tag is x, until an axis is chosen again', async ({ page }) => {
  await compare(page);
  const field = page.getByRole('combobox', { name: 'x axis by a tag' });
  await field.fill('epoch');
  await field.press('Enter');
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/along=epoch/);
  await pointAt(page, 'train/loss', 0.999);
  await expect(readout(page).getByRole('columnheader', { name: 'epoch' })).toBeVisible();
  await expect(readout(page).getByRole('cell', { name: '3.98' }).first()).toBeVisible();
  await page.getByRole('radiogroup', { name: 'X axis' }).getByText('Relative').click();
  await expect(page).not.toHaveURL(/along=/);
});

test('a reference line has a name, and the readout says how far from it each curve is', async ({ page }) => {
  await menu(page, 'train/loss');
  await page.getByRole('textbox', { name: 'Value of the line' }).fill('0.5');
  await page.getByRole('textbox', { name: 'Value of the line' }).press('Enter');
  await page.getByRole('textbox', { name: 'Its name' }).fill('the, goal');
  await page.getByRole('textbox', { name: 'Its name' }).press('Enter');
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/line=0.5,the\+\+goal,scalar:train\/loss/);
  await page.reload();
  await plot(page, 'train/loss').focus();
  await page.keyboard.press('ArrowRight');
  const head = readout(page).getByRole('columnheader', { name: /the\s+goal/ });
  await expect(head).toBeVisible();
  await expect(readout(page).getByRole('cell', { name: /^\+0\.5 \(\+100%\)$/ })).toBeVisible();
});
