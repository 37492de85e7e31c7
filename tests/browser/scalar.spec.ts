// Scalars on the screen: curves, axes, smoothing, zoom, readout, live points.
import { expect, type Page } from '@playwright/test';
import { colourOf, pixelsOf, plotOf, test } from './server';

const loss = (page: Page) => page.getByRole('article', { name: 'train/loss' });
const row = (page: Page, run: string) => page.locator('.row', { hasText: run });
const readout = (page: Page) => page.getByRole('tooltip');
const cell = (page: Page, text: RegExp) => readout(page).getByRole('cell', { name: text }).first();

async function hover(page: Page, part: number): Promise<void> {
  const plot = await plotOf(loss(page)).boundingBox();
  if (!plot) throw new Error('no chart of train/loss');
  await page.mouse.move(plot.x + 46 + (plot.width - 56) * part, plot.y + plot.height / 2, { steps: 3 });
}

async function drag(page: Page, from: number, to: number): Promise<void> {
  await hover(page, from);
  await page.mouse.down();
  await hover(page, to);
  await page.mouse.up();
}

test.beforeEach(async ({ server, page }) => {
  server.write(0, 200, 'mnist/adam', 'mnist/sgd');
  await page.goto(await server.start());
  await expect(loss(page)).toBeVisible();
});

test("each run's curve is drawn in the colour of its swatch", async ({ page }) => {
  for (const run of ['adam', 'sgd']) {
    const colour = await colourOf(row(page, run));
    await expect.poll(() => pixelsOf(loss(page), colour)).toBeGreaterThan(100);
  }
});

test('unticking a run removes its curve', async ({ page }) => {
  const colour = await colourOf(row(page, 'sgd'));
  await expect.poll(() => pixelsOf(loss(page), colour)).toBeGreaterThan(100);
  await page.getByRole('checkbox', { name: 'Show mnist/sgd' }).uncheck();
  await expect.poll(() => pixelsOf(loss(page), colour)).toBe(0);
  await expect(page.getByText('1 of 2')).toBeVisible();
});

test('the readout gives run, value, step and time of the nearest points', async ({ page }) => {
  await hover(page, 0.5);
  const nearest = readout(page).getByRole('row').nth(1);
  await expect(nearest).toContainText('mnist/');
  await expect(nearest).toContainText('14 Nov 2023');
  await expect(cell(page, /^(99|100)$/)).toBeVisible();
  await expect(readout(page).getByRole('row')).toHaveCount(3);
  await page.mouse.move(5, 400);
  await expect(readout(page)).toHaveCount(0);
});

test('smoothing adds a column to the readout and goes into the address', async ({ page }) => {
  await page.getByRole('slider', { name: 'Smoothing' }).fill('0.7');
  await expect(page).toHaveURL(/smoothing=0\.9/);
  await hover(page, 0.5);
  await expect(readout(page)).toContainText('Smoothed');
});

test('the x axis can be relative or wall time', async ({ page }) => {
  await page.getByText('Wall time').click();
  await expect(page).toHaveURL(/x=wall/);
  await page.getByText('Relative', { exact: true }).click();
  await hover(page, 0.5);
  await expect(cell(page, /^1m (39|40|41)s$/)).toBeVisible();
});

test('dragging zooms and asks for the part anew, a double click goes back', async ({ page }) => {
  const refined = page.waitForRequest((request) => /"range":\[4\d\.?\d*,\d+/.test(request.postData() ?? ''));
  await drag(page, 0.25, 0.5);
  await refined;
  await expect(loss(page).getByRole('button', { name: 'Reset zoom' })).toBeVisible();
  await hover(page, 0.02);
  await expect(cell(page, /^5\d$/)).toBeVisible();
  await loss(page)
    .getByRole('application')
    .dblclick({ position: { x: 200, y: 80 } });
  await expect(loss(page).getByRole('button', { name: 'Reset zoom' })).toHaveCount(0);
  await hover(page, 0.02);
  await expect(cell(page, /^[345]$/)).toBeVisible();
});

test('the keyboard moves along the points and zooms', async ({ page }) => {
  const colour = await colourOf(row(page, 'adam'));
  await expect.poll(() => pixelsOf(loss(page), colour)).toBeGreaterThan(100);
  await loss(page).getByRole('application').focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
  await expect(cell(page, /^2$/)).toBeVisible();
  await page.keyboard.press('+');
  await expect(loss(page).getByRole('button', { name: 'Reset zoom' })).toBeVisible();
  await page.keyboard.press('0');
  await expect(loss(page).getByRole('button', { name: 'Reset zoom' })).toHaveCount(0);
});

test('a logarithmic axis and values that are not finite break nothing', async ({ page }) => {
  const colour = await colourOf(row(page, 'sgd'));
  const odd = page.getByRole('article', { name: 'odd' });
  await page.getByRole('button', { name: 'Options of all charts' }).click();
  await page.getByRole('radiogroup', { name: 'Scale of y' }).getByText('Log', { exact: true }).click();
  await expect(page).toHaveURL(/y=log/);
  await expect.poll(() => pixelsOf(odd, colour)).toBeGreaterThan(30);
});

test('new points appear by themselves, and only they travel', async ({ page, server }) => {
  await hover(page, 0.99);
  await expect(cell(page, /^19\d$/)).toBeVisible();
  const tail = page.waitForResponse((response) => {
    const asked = response.request().postData() ?? '';
    return response.url().endsWith('/api/scalar/data') && asked.includes('"have":{"mnist/adam":[');
  });
  server.write(200, 220, 'mnist/adam');
  // Four charts of twenty new points; all four hundred and twenty of each would be five times as much.
  expect((await (await tail).body()).length).toBeLessThan(5000);
  await expect(cell(page, /^21\d$/)).toBeVisible();
});

test('a new run is listed, ticked and drawn', async ({ page, server }) => {
  server.write(0, 200, 'mnist/lion');
  await expect(row(page, 'lion')).toBeVisible();
  await expect(page.getByText('3 of 3')).toBeVisible();
  const colour = await colourOf(row(page, 'lion'));
  await expect.poll(() => pixelsOf(loss(page), colour)).toBeGreaterThan(50);
});

test('what a restart gave up is faded, and the readout says so', async ({ page, server }) => {
  const colour = await colourOf(row(page, 'adam'));
  await page.getByRole('checkbox', { name: 'Show mnist/sgd' }).uncheck();
  await expect.poll(() => pixelsOf(loss(page), colour)).toBeGreaterThan(100);
  const before = await pixelsOf(loss(page), colour);
  server.restart(50, 52, 'mnist/adam');
  // Three quarters of the curve are no longer drawn in the full colour.
  await expect.poll(() => pixelsOf(loss(page), colour)).toBeLessThan(before * 0.5);
  await hover(page, 0.75);
  await expect(readout(page)).toContainText('segment 1 of 2 · given up at a restart');
  await hover(page, 0.1);
  await expect(readout(page)).not.toContainText('given up');
});

test('the readout traces a point to its record', async ({ page }) => {
  await hover(page, 0.5);
  await expect(readout(page)).toContainText('stands for itself alone');
  await expect(readout(page)).toContainText(
    /logged as 0\.\d+ \(float32\) · mnist\/\w+\/events\.out\.tfevents\.[^,]+, record \d{3}, byte [\d,]+/,
  );
});
