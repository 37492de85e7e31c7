// How scalars are looked at: scales, limits, pins, marked steps, downloads, settings; and that a link keeps all of it.
import { expect, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { colourOf, pixelsOf, plotOf, test } from './server';

const card = (page: Page, tag: string) => page.getByRole('article', { name: tag });
const plot = (page: Page, tag: string) => plotOf(card(page, tag));
const readout = (page: Page) => page.getByRole('tooltip');

let home = '';
test.beforeEach(async ({ server, page }) => {
  server.write(0, 200, 'mnist/adam', 'mnist/sgd');
  home = await server.start();
  await page.goto(home);
  await expect(card(page, 'train/loss')).toBeVisible();
});

async function options(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Options of all charts' }).click();
}

async function menu(page: Page, tag: string): Promise<void> {
  await page.getByRole('button', { name: `Axes and downloads of ${tag}` }).click();
}

/** A place in a chart, as parts of its width and height; below 1 the x axis begins. */
async function point(page: Page, tag: string, across: number, down: number): Promise<[number, number]> {
  const box = await plot(page, tag).boundingBox();
  if (!box) throw new Error(`no chart of ${tag}`);
  return [box.x + 46 + (box.width - 56) * across, box.y + box.height * down];
}

test('pinned cards stand on top, whatever the filter, and come back by the link', async ({ page }) => {
  await card(page, 'odd').getByRole('button', { name: 'Pin to the top' }).click();
  await expect(page.getByRole('region', { name: 'Pinned' }).getByRole('article')).toHaveCount(1);
  await expect(card(page, 'odd')).toHaveCount(1);
  await page.getByRole('combobox', { name: /Filter tags/ }).fill('train');
  await expect(page.getByRole('article')).toHaveCount(3);
  await page.reload();
  await expect(
    page.getByRole('region', { name: 'Pinned' }).getByRole('article', { name: 'odd' }),
  ).toBeVisible();
  await card(page, 'odd').getByRole('button', { name: 'Unpin' }).click();
  await expect(page.getByRole('region', { name: 'Pinned' })).toHaveCount(0);
});

test('width, zoom and typed limits are in the link', async ({ page }) => {
  await card(page, 'train/loss').getByRole('button', { name: 'Full width' }).click();
  await menu(page, 'train/loss');
  await page.getByRole('textbox', { name: 'First x' }).fill('50');
  await page.getByRole('textbox', { name: 'First x' }).press('Enter');
  await page.getByRole('textbox', { name: 'Lowest y' }).fill('0');
  await page.getByRole('textbox', { name: 'Lowest y' }).press('Enter');
  await expect(page).toHaveURL(
    /wide=scalar:train\/loss&zoom=50,199,scalar:train\/loss&limits=0,,scalar:train\/loss/,
  );
  await page.keyboard.press('Escape');
  await page.reload();
  await expect(card(page, 'train/loss').getByRole('button', { name: 'Reset zoom' })).toBeVisible();
  await expect(card(page, 'train/loss').getByRole('button', { name: 'Normal width' })).toBeVisible();
  await page.mouse.move(...(await point(page, 'train/loss', 0.01, 0.5)));
  await expect(
    readout(page)
      .getByRole('cell', { name: /^5[0-4]$/ })
      .first(),
  ).toBeVisible();
});

test('linked, one zoom is the zoom of all', async ({ page }) => {
  await options(page);
  await page.getByText('Zoom all charts together').click();
  await page.keyboard.press('Escape');
  await plot(page, 'train/loss').focus();
  await page.keyboard.press('+');
  await expect(card(page, 'accuracy').getByRole('button', { name: 'Reset zoom' })).toBeVisible();
});

test('Shift and drag moves along the axis', async ({ page }) => {
  await page.goto(`${home}?zoom=0,100,scalar:train/loss`);
  await expect(card(page, 'train/loss')).toBeVisible();
  await page.keyboard.down('Shift');
  await page.mouse.move(...(await point(page, 'train/loss', 0.8, 0.5)));
  await page.mouse.down();
  await page.mouse.move(...(await point(page, 'train/loss', 0.3, 0.5)), { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await expect(page).toHaveURL(/zoom=(4\d|50)(\.\d+)?,1(4\d|50)/);
});

test('a click on the x axis marks a step in every chart, a drag a stretch', async ({ page }) => {
  await page.mouse.click(...(await point(page, 'train/loss', 0.5, 0.95)));
  await expect(page).toHaveURL(/at=(99|100)\b/);
  const table = page.getByRole('table', { name: 'Values at the marked steps of accuracy' });
  await expect(table.getByRole('row')).toHaveCount(2);
  await expect(table).toContainText('0.9');
  await page.mouse.move(...(await point(page, 'train/loss', 0.25, 0.95)));
  await page.mouse.down();
  await page.mouse.move(...(await point(page, 'train/loss', 0.75, 0.95)), { steps: 4 });
  await page.mouse.up();
  await expect(page).toHaveURL(/steps=(49|50),1(49|50)/);
  await expect(table.getByRole('columnheader')).toContainText([
    'Run',
    'First',
    'Last',
    'Change',
    'Min',
    'Max',
    'Mean',
    'Points',
  ]);
  await page.mouse.move(5, 600);
  await page.keyboard.press('Escape');
  await expect(table).toHaveCount(0);
});

test('m marks the step under the cursor', async ({ page }) => {
  await plot(page, 'train/loss').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('m');
  await expect(page).toHaveURL(/at=1\b/);
});

test('the readout can be sorted and limited', async ({ page }) => {
  await options(page);
  await page.getByText('Ascending', { exact: true }).click();
  await page.keyboard.press('Escape');
  await page.mouse.move(...(await point(page, 'train/loss', 0.9, 0.05)));
  await expect(readout(page).getByRole('row').nth(1)).toContainText('adam');
  await options(page);
  await page.getByText('Descending', { exact: true }).click();
  await page.getByRole('textbox', { name: 'Rows of the readout' }).fill('1');
  await page.getByRole('textbox', { name: 'Rows of the readout' }).press('Enter');
  await page.keyboard.press('Escape');
  await page.mouse.move(...(await point(page, 'train/loss', 0.85, 0.05)));
  await expect(readout(page)).toContainText('+1 more');
  await expect(readout(page).getByRole('row')).toHaveCount(2);
});

test('scales, outliers and the last steps change what is asked and are in the link', async ({ page }) => {
  await options(page);
  const asked = page.waitForRequest((request) =>
    (request.postData() ?? '').includes('"scale":"log","last":40'),
  );
  await page.getByRole('radiogroup', { name: 'Scale of x' }).getByText('Log', { exact: true }).click();
  await page.getByText('Ignore outliers').click();
  await page.getByRole('textbox', { name: 'Follow the last steps' }).fill('40');
  await page.getByRole('textbox', { name: 'Follow the last steps' }).press('Enter');
  await asked;
  await expect(page).toHaveURL(/x_scale=log&outliers=ignored&last=40/);
  await page.keyboard.press('Escape');
  await page.mouse.move(...(await point(page, 'train/loss', 0.01, 0.5)));
  await expect(
    readout(page)
      .getByRole('cell', { name: /^(159|160)$/ })
      .first(),
  ).toBeVisible();
});

test('a chart can be kept as CSV, JSON, SVG and PNG', async ({ page }) => {
  const saved = async (format: string): Promise<Buffer> => {
    await menu(page, 'train/loss');
    const download = page.waitForEvent('download');
    await page.getByRole('dialog').getByText(format, { exact: true }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe(`train_loss.${format.toLowerCase()}`);
    return readFileSync(await file.path());
  };
  const lines = (await saved('CSV')).toString().trim().split('\r\n');
  expect(lines.length).toBe(401);
  expect(lines[1]).toMatch(/^mnist\/adam,0,1700000000\.0,1\.0$/);
  const json = JSON.parse((await saved('JSON')).toString()) as {
    runs: { run: string; points: number[][] }[];
  };
  expect(json.runs.map(({ run, points }) => [run, points.length])).toEqual([
    ['mnist/adam', 200],
    ['mnist/sgd', 200],
  ]);
  const svg = (await saved('SVG')).toString();
  const colour = await colourOf(page.locator('.row', { hasText: 'adam' }));
  expect(svg).toContain(`stroke="${colour}"`);
  for (const text of ['train/loss', 'mnist/adam', 'mnist/sgd', 'Step'])
    expect(svg).toContain(`>${text}</text>`);
  const drawn = await page.evaluate(
    (text) => new DOMParser().parseFromString(text, 'image/svg+xml').querySelectorAll('parsererror').length,
    svg,
  );
  expect(drawn).toBe(0);
  expect((await saved('PNG')).subarray(1, 4).toString()).toBe('PNG');
});

test('the settings size the cards, are kept, and can hold the charts still', async ({ page, server }) => {
  await page.keyboard.press(',');
  await page.getByRole('slider', { name: 'Width of cards' }).fill('900');
  await page.getByText('When asked').click();
  await page.keyboard.press('Escape');
  const width = async (): Promise<number> => (await card(page, 'accuracy').boundingBox())?.width ?? 0;
  expect(await width()).toBeGreaterThan(900);
  await page.reload();
  await expect(card(page, 'accuracy')).toBeVisible();
  expect(await width()).toBeGreaterThan(900);
  await page.mouse.move(...(await point(page, 'accuracy', 0.998, 0.5)));
  const last = (step: string) => readout(page).getByRole('cell', { name: step, exact: true }).first();
  await expect(last('199')).toBeVisible();
  server.write(200, 220, 'mnist/adam');
  await page.waitForTimeout(600); // longer than a change takes to arrive
  await expect(last('199')).toBeVisible();
  await page.keyboard.press('u');
  await expect(last('219')).toBeVisible();
});

test('what a restart gave up can be hidden', async ({ page, server }) => {
  const colour = await colourOf(page.locator('.row', { hasText: 'adam' }));
  await page.getByRole('checkbox', { name: 'Show mnist/sgd' }).uncheck();
  server.restart(150, 152, 'mnist/adam');
  await options(page);
  await page.getByRole('radiogroup', { name: 'After a restart' }).getByText('Hidden').click();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/restarts=hidden/);
  await page.mouse.move(...(await point(page, 'train/loss', 0.998, 0.5)));
  await expect(readout(page).getByRole('cell', { name: /^151$/ })).toBeVisible();
  expect(await pixelsOf(card(page, 'train/loss'), colour)).toBeGreaterThan(50);
});
