// The projector's reductions, links, bookmarks, two pictures side by side, own files, and what it saves.
import { expect, type Download, type Locator, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PYTHON, test, type Server } from './server';

const UPLOAD = /embedding\/upload\?/;
const canvasOf = (page: Page, points: number): Locator => page.locator(`canvas[data-points="${points}"]`);

async function open(page: Page, server: Server): Promise<string> {
  execFileSync(PYTHON, [join(__dirname, 'write_embeddings.py'), server.logdir]);
  const address = await server.start();
  await page.goto(address);
  await expect(canvasOf(page, 400)).toBeVisible();
  return address;
}

async function saved(page: Page, name: string): Promise<Download> {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name }).click(),
  ]);
  return download;
}

const read = async (download: Download): Promise<string> => readFileSync(await download.path(), 'utf8');

test('t-SNE tells how far it is, is cancelled, and a result is there when it is asked for again', async ({
  page,
  server,
}) => {
  await open(page, server);
  await page.getByText('t-SNE', { exact: true }).click();
  await expect(page.getByText('Not computed yet')).toBeVisible();
  await page.getByRole('textbox', { name: 'Rounds' }).fill('5000');
  await page.getByRole('textbox', { name: 'Rounds' }).press('Enter');
  await page.getByRole('button', { name: 'Compute' }).click();
  await expect(page.getByRole('status').filter({ hasText: /Laying out \d+ %/ })).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('Not computed yet')).toBeVisible();
  await page.getByRole('textbox', { name: 'Rounds' }).fill('50');
  await page.getByRole('textbox', { name: 'Rounds' }).press('Enter');
  await page.getByRole('textbox', { name: 'Points at most' }).fill('100');
  await page.getByRole('textbox', { name: 'Points at most' }).press('Enter');
  await page.getByRole('button', { name: 'Compute' }).click();
  await expect(page.getByText('A sample of 100 of 400 points takes part')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Cancel' })).toBeHidden();
  await page.reload();
  await expect(page.getByText('A sample of 100 of 400 points takes part')).toBeVisible();
});

test('a reduction to two dimensions lies flat, though one to three was shown before', async ({
  page,
  server,
}) => {
  await open(page, server);
  await page.getByText('t-SNE', { exact: true }).click();
  for (const [field, value] of Object.entries({ Rounds: '50', 'Points at most': '100' })) {
    await page.getByRole('textbox', { name: field }).fill(value);
    await page.getByRole('textbox', { name: field }).press('Enter');
  }
  for (const dimensions of ['3D', '2D']) {
    await page.getByText(dimensions, { exact: true }).click();
    await expect(page.getByText('Not computed yet')).toBeVisible();
    await page.getByRole('button', { name: 'Compute' }).click();
    await expect(page.getByText('A sample of 100 of 400 points takes part')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Cancel' })).toBeHidden();
  }
  const file = await read(await saved(page, 'A page that works by itself'));
  const data = /<script type="application\/json">(.*?)<\/script>/s.exec(file)?.[1] ?? '';
  const bytes = Buffer.from((JSON.parse(data) as { places: string }).places, 'base64');
  const depths = Array.from({ length: 400 }, (_, row) => bytes.readFloatLE(12 * row + 8));
  const known = depths.filter((depth) => !Number.isNaN(depth));
  expect(known.length).toBeGreaterThanOrEqual(100);
  expect(Math.max(...known.map(Math.abs))).toBeLessThan(1e-6);
});

test('a link and a bookmark bring everything back', async ({ page, server }) => {
  await open(page, server);
  await page.getByText('2D', { exact: true }).click();
  await page.getByRole('combobox', { name: 'Run' }).selectOption('b');
  await page.getByRole('combobox', { name: 'Colour by' }).selectOption({ label: 'age (400)' });
  await page.getByPlaceholder('Search labels').fill('dog 10');
  await expect(page.getByText('10 points selected')).toBeVisible();
  await page.getByRole('button', { name: 'Bookmarks' }).click();
  await page.getByRole('textbox', { name: 'Name of a bookmark' }).fill('dogs');
  await page.getByRole('button', { name: 'Keep' }).click();
  await page.keyboard.press('Escape');
  const link = page.url();

  await page.goto(link);
  await expect(page.getByText('10 points selected')).toBeVisible();
  await expect(page.getByRole('radio', { name: '2D' })).toBeChecked();
  await expect(page.getByRole('combobox', { name: 'Run' })).toHaveValue('b');
  await expect(page.getByLabel('Colours').getByText('99.75')).toBeVisible();

  await page.getByText('3D', { exact: true }).click();
  await page.getByRole('combobox', { name: 'Run' }).selectOption('a');
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.getByRole('button', { name: 'Bookmarks' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as JSON' }).click(),
  ]);
  const text = await read(download);
  expect(JSON.parse(text)).toMatchObject({
    bookmarks: [{ name: 'dogs', looks: [{ run: 'b', dimensions: 2 }] }],
  });
  await page.getByRole('button', { name: 'Remove dogs' }).click();
  const file = join(server.logdir, '..', 'bookmarks.json');
  writeFileSync(file, text);
  await page.locator('input[type=file][accept*=json]').setInputFiles(file);
  await page.getByRole('button', { name: 'dogs', exact: true }).click();
  await expect(page.getByText('10 points selected')).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Run' })).toHaveValue('b');
  await expect(page.getByRole('radio', { name: '2D' })).toBeChecked();
});

test('two embeddings side by side share what is selected', async ({ page, server }) => {
  await open(page, server);
  await page.getByRole('button', { name: 'Another embedding beside this one' }).click();
  await expect(canvasOf(page, 400)).toHaveCount(2);
  await page.getByRole('combobox', { name: 'Embedding' }).selectOption('pictures');
  await expect(page.getByRole('group', { name: 'pictures:00000' })).toBeVisible();
  await expect(page.getByPlaceholder('Search labels')).toBeHidden();
  await page
    .getByRole('group', { name: 'layer:00020' })
    .locator('canvas')
    .click({ position: { x: 3, y: 3 } });
  await page.getByPlaceholder('Search labels').fill('owl 399');
  await expect(page.getByText('1 points selected')).toBeVisible();
  await page.getByRole('button', { name: 'owl 399' }).click();
  await expect(page.getByText('101 points: one and its nearest neighbours')).toBeVisible();
  await page.getByRole('button', { name: 'Isolate 101' }).click();
  // The other picture, which has no labels, shows the same points and no more.
  await page
    .getByRole('group', { name: 'pictures:00000' })
    .locator('canvas')
    .click({ position: { x: 3, y: 3 } });
  await expect(page.getByRole('button', { name: 'Show all' })).toBeEnabled();
  await page.reload();
  await expect(canvasOf(page, 400)).toHaveCount(2);
  await page.getByRole('button', { name: 'Another embedding beside this one' }).click();
  await expect(canvasOf(page, 400)).toHaveCount(1);
});

test('own files are shown beside what was logged; wrong ones are explained', async ({ page, server }) => {
  await open(page, server);
  const file = (name: string, content: string | Buffer): string => {
    const path = join(server.logdir, '..', name);
    writeFileSync(path, content);
    return path;
  };
  await page.getByRole('button', { name: 'Open own files' }).click();
  const numbers = page.getByLabel('Numbers: .tsv');
  await numbers.setInputFiles(file('own.bytes', Buffer.alloc(4 * 6)));
  await page.getByRole('textbox', { name: 'Rows' }).fill('3');
  await page.getByRole('textbox', { name: 'Columns' }).fill('3');
  await page.getByRole('textbox', { name: 'Columns' }).press('Tab');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page.getByText('3 x 3 float32 are 36 bytes; got 24')).toBeVisible();
  await numbers.setInputFiles(file('own.tsv', '1\t2\n3\t4\n5\t7\n'));
  await page.getByLabel('Labels: .tsv').setInputFiles(file('labels.tsv', 'ant\nbee\n'));
  // A proxy between refuses in words of its own.
  await page.route(UPLOAD, (route) => route.fulfill({ status: 413, body: '<html>' }));
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page.getByRole('alert')).toHaveText(/^HTTP 413/);
  await page.unroute(UPLOAD);
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(canvasOf(page, 3)).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Run' }).getByText('own file')).toBeAttached();
  await expect(page.getByText('metadata.tsv has 2 labels, want 3, one a point')).toBeVisible();
});

test('saves coordinates, labels, the picture, and a page that needs nobody', async ({
  page,
  server,
  context,
}) => {
  await open(page, server);
  await page.getByPlaceholder('Search labels').fill('cat 1');
  await expect(page.getByText('11 points selected')).toBeVisible();
  const csv = (await read(await saved(page, 'Coordinates as CSV'))).split('\r\n');
  expect([csv.length, csv[0]]).toEqual([402, 'row,name,kind,age,x,y,z']);
  expect(csv[1]).toMatch(/^0,cat 0,cat,0(\.0)?(,-?[\d.e-]+){3}$/);
  const labels = (await read(await saved(page, 'Labels of 11 selected points'))).split('\n');
  expect(labels.slice(0, 2)).toEqual(['name\tkind\tage', expect.stringMatching(/^cat 1\tcat\t/)]);
  const picture = await saved(page, 'Save the picture as PNG');
  expect(
    readFileSync(await picture.path())
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG');

  const path = join(server.logdir, '..', 'embedding.html');
  await (await saved(page, 'A page that works by itself')).saveAs(path);
  await server.stop();
  const alone = await context.newPage();
  const asked: string[] = [];
  alone.on('request', (request) => asked.push(request.url()));
  const errors: string[] = [];
  alone.on('pageerror', (error) => errors.push(String(error)));
  await alone.goto(`file://${path}`);
  await expect(canvasOf(alone, 400)).toBeVisible();
  await alone.getByPlaceholder('Search').fill('dog');
  await expect(alone.getByText('100 / 400')).toBeVisible();
  await expect(alone.getByText('owl')).toBeVisible();
  expect(asked).toEqual([`file://${path}`]);
  expect(errors).toEqual([]);
});

test('a pattern without end is ended, and the page says so', async ({ page, server }) => {
  execFileSync(PYTHON, [join(__dirname, 'write_embeddings.py'), server.logdir]);
  writeFileSync(join(server.logdir, 'a', 'evil.tsv'), '1\t2\n3\t4\n');
  writeFileSync(join(server.logdir, 'a', 'names.tsv'), `${'a'.repeat(60)}b\nplain\n`);
  const config = join(server.logdir, 'a', 'projector_config.pbtxt');
  const entry = 'embeddings { tensor_name: "evil" tensor_path: "evil.tsv" metadata_path: "names.tsv" }';
  writeFileSync(config, `${readFileSync(config, 'utf8')}\n${entry}`);
  await page.goto(await server.start());
  await page.getByRole('combobox', { name: 'Embedding' }).selectOption('evil');
  await expect(canvasOf(page, 2)).toBeVisible();
  await page.getByPlaceholder('Search labels').fill('(a+)+$');
  await page.getByRole('switch', { name: 'Regex' }).check();
  await expect(page.getByText('this pattern takes more than 4 s; try a simpler one')).toBeVisible({
    timeout: 20_000,
  });
  await page.getByPlaceholder('Search labels').fill('^pl');
  await expect(page.getByText('1 points selected')).toBeVisible();
  await expect(page.getByText('takes more than')).toBeHidden();
});
