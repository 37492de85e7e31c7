// Layouts: as they were logged, and made, changed, kept and exported in the page.
import { expect, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { colourOf, pixelsOf, PYTHON, test } from './server';

const card = (page: Page, title: string) => page.getByRole('article', { name: title, exact: true });
const runRow = (page: Page, run: string) =>
  page.locator('aside').locator('[style*="--run"]').filter({ hasText: run }).first();

test.beforeEach(async ({ server, page }) => {
  execFileSync(PYTHON, [join(__dirname, 'write_layouts.py'), server.logdir]);
  await page.goto(`${await server.start()}?kind=custom_scalars`);
  await expect(card(page, 'both')).toBeVisible();
});

test('a chart of expressions draws every run and tag that they find', async ({ page }) => {
  await expect(card(page, 'both').getByRole('listitem')).toHaveText(['loss/train', 'loss/valid']);
  await expect(page.getByRole('application', { name: /both.*4/ })).toBeVisible();
  const plot = card(page, 'both').getByRole('application');
  await plot.hover();
  await expect(page.getByRole('tooltip').getByRole('row')).toHaveCount(5);
  await expect(page.getByRole('tooltip')).toContainText('loss/valid');
});

test('a margin chart has a band', async ({ page }) => {
  const colour = await colourOf(runRow(page, 'a'));
  await expect
    .poll(() =>
      card(page, 'band')
        .locator('canvas')
        .first()
        .evaluate((canvas: HTMLCanvasElement) => {
          const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
          let faint = 0;
          for (let i = 3; i < data.length; i += 4) if (data[i] > 30 && data[i] < 60) faint++;
          return faint;
        }),
    )
    .toBeGreaterThan(1000);
  expect(await pixelsOf(card(page, 'band'), colour)).toBeGreaterThan(20);
});

test('what cannot be drawn is told: tags that are not there, expressions without end', async ({ page }) => {
  await expect(card(page, 'gone').getByText('Not logged: x, y')).toBeVisible();
  await expect(card(page, 'slow').getByText('take too long')).toBeVisible();
});

test('a chart is made, kept, exported, and the logged ones come back', async ({ page }) => {
  await page.getByRole('button', { name: 'Edit charts' }).click();
  await page.getByRole('button', { name: 'Add a chart' }).click();
  await page.getByRole('textbox', { name: 'Title of the chart' }).last().fill('mine');
  await page.getByRole('textbox', { name: 'Tags, one a line' }).last().fill('loss/train\nmean/v');
  await page.getByText('The dictionary for add_custom_scalars').click();
  const dictionary = page.getByRole('textbox', { name: 'The dictionary for add_custom_scalars' });
  const exported = JSON.parse(await dictionary.inputValue()) as Record<string, unknown>;
  expect(exported['hostile']).toMatchObject({ mine: ['Multiline', ['loss/train', 'mean/v']] });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(card(page, 'mine').getByRole('listitem')).toHaveText(['loss/train', 'mean/value']);
  await page.reload();
  await expect(card(page, 'mine')).toBeVisible();
  await expect(page.getByText('made in the page')).toBeVisible();
  await page.getByRole('button', { name: 'Edit charts' }).click();
  await page.getByRole('button', { name: 'Back to what was logged' }).click();
  await expect(card(page, 'mine')).toHaveCount(0);
  await expect(card(page, 'both')).toBeVisible();
});

/** Makes a chart of loss/train. */
async function make(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: 'Edit charts' }).click();
  await page.getByRole('button', { name: 'Add a chart' }).click();
  await page.getByRole('textbox', { name: 'Title of the chart' }).last().fill(title);
  await page.getByRole('textbox', { name: 'Tags, one a line' }).last().fill('loss/train');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
}

test('where the notes have a layout and may not be written, what is made here is shown', async ({ page }) => {
  const written = page.waitForResponse('**/api/notes/change');
  await make(page, 'noted');
  await written;
  await page.route('**/api/notes', async (route) => {
    const answer = (await (await route.fetch()).json()) as object;
    await route.fulfill({ json: { ...answer, writable: false } });
  });
  await page.reload();
  await expect(card(page, 'noted')).toBeVisible();
  await make(page, 'mine');
  await expect(card(page, 'mine')).toBeVisible();
  await page.reload();
  await expect(card(page, 'mine')).toBeVisible();
});

test('a browser that stores nothing shows what is made here until the page is left', async ({ page }) => {
  await page.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await page.route('**/api/notes', (route) => route.fulfill({ status: 404 }));
  await page.reload();
  await expect(card(page, 'both')).toBeVisible();
  await make(page, 'mine');
  await expect(card(page, 'mine')).toBeVisible();
});

test('a dictionary as Python writes it is taken over, and a wrong one is refused', async ({ page }) => {
  await page.getByRole('button', { name: 'Edit charts' }).click();
  await page.getByText('The dictionary for add_custom_scalars').click();
  const dictionary = page.getByRole('textbox', { name: 'The dictionary for add_custom_scalars' });
  await dictionary.fill("{'a': {'b': ['Pie', ['x']]}}");
  await dictionary.blur();
  await expect(page.getByRole('alert')).toContainText('b: got Pie, want "Multiline" or "Margin"');
  await dictionary.fill("{'a': {'imported': ('Multiline', ['loss/t'])}}");
  await dictionary.blur();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(card(page, 'imported').getByRole('listitem')).toHaveText(['loss/train']);
});

test('a layout goes into a file and comes back from one, and add_custom_scalars takes it', async ({
  server,
  page,
}) => {
  await page.getByRole('button', { name: 'Edit charts' }).click();
  await page.getByText('The dictionary for add_custom_scalars').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as a file' }).click(),
  ]);
  const saved = await download.path();
  expect(download.suggestedFilename()).toBe('layout.json');
  const program =
    'import json, sys; from runlens import SummaryWriter; ' +
    'SummaryWriter(sys.argv[2] + "/c").add_custom_scalars(json.load(open(sys.argv[1])))';
  execFileSync(PYTHON, ['-c', program, saved, server.logdir]);
  await page.getByRole('button', { name: 'Remove this chart' }).first().click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(card(page, 'both')).toHaveCount(0);
  await page.getByRole('button', { name: 'Edit charts' }).click();
  await page.getByText('The dictionary for add_custom_scalars').click();
  await page.getByLabel('Open a file').setInputFiles(saved);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(card(page, 'both').getByRole('listitem')).toHaveText(['loss/train', 'loss/valid']);
});

test('logs without a layout lead there from their scalars', async ({ server, page }) => {
  await server.stop();
  execFileSync('rm', ['-r', join(server.logdir, 'a')]);
  await page.goto(await server.start());
  await page.getByRole('button', { name: 'Charts of several tags' }).click();
  await expect(page.getByText('No charts yet.')).toBeVisible();
});
