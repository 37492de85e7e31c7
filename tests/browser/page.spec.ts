// The page around the charts: filters, memory, states, languages, themes.
import { expect, type Page } from '@playwright/test';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { proxyTo } from './proxy';
import { colourOf, pixelsOf, test } from './server';

const cards = (page: Page) => page.getByRole('article');
const tagFilter = (page: Page) => page.getByRole('combobox', { name: /Filter tags/ });
const runFilter = (page: Page) => page.getByRole('textbox', { name: /Filter runs/ });

test.describe('with two runs', () => {
  test.beforeEach(async ({ server, page }) => {
    server.write(0, 100, 'mnist/adam', 'mnist/sgd');
    await page.goto(await server.start());
    await expect(cards(page)).toHaveCount(4);
  });

  test('the tag filter narrows the cards; an unfinished expression keeps the last', async ({ page }) => {
    await page.keyboard.press('/');
    await page.keyboard.type('lo.s');
    await expect(cards(page)).toHaveCount(1);
    await page.keyboard.type('(');
    await expect(page.getByText('Not a valid expression yet')).toBeVisible();
    await expect(cards(page)).toHaveCount(1);
    await tagFilter(page).fill('nothing like this');
    await expect(page.getByText('No tag matches')).toBeVisible();
    await page.getByRole('button', { name: 'Clear filter' }).last().click();
    await expect(cards(page)).toHaveCount(4);
  });

  test('the run filter narrows the list and leaves the ticks', async ({ page }) => {
    await page.keyboard.press('r');
    await page.keyboard.type('SGD');
    await expect(page.locator('.row')).toHaveCount(1);
    await expect(page.getByText('2 of 2')).toBeVisible();
    await page.getByRole('button', { name: 'None' }).click();
    await runFilter(page).fill('');
    await expect(page.getByRole('checkbox', { name: 'Show mnist/adam' })).toBeChecked();
    await expect(page.getByRole('checkbox', { name: 'Show mnist/sgd' })).not.toBeChecked();
  });

  test('a double click on a run shows only it; none shows a hint', async ({ page }) => {
    await page.locator('.row', { hasText: 'sgd' }).dblclick();
    await expect(page.getByText('1 of 2')).toBeVisible();
    await expect(page.getByRole('checkbox', { name: 'Show mnist/sgd' })).toBeChecked();
    await page.getByRole('button', { name: 'None' }).click();
    await expect(page.getByText('No run is ticked.')).toBeVisible();
  });

  test('a reload brings everything back', async ({ page }) => {
    await page.getByRole('checkbox', { name: 'Show mnist/sgd' }).uncheck();
    await page.getByRole('button', { name: 'Collapse train' }).click();
    await page.getByText('Relative', { exact: true }).click();
    await page.getByRole('spinbutton', { name: 'Smoothing' }).fill('0.5');
    await page.getByRole('spinbutton', { name: 'Smoothing' }).press('Enter');
    await expect(page).toHaveURL(/smoothing=0\.5/);
    await page.reload();
    await expect(cards(page)).toHaveCount(2);
    await expect(page.getByText('1 of 2')).toBeVisible();
    await expect(page.getByRole('radio', { name: 'Relative' })).toBeChecked();
    await expect(page.getByRole('spinbutton', { name: 'Smoothing' })).toHaveValue('0.5');
    await expect(page.getByRole('button', { name: 'Expand train' })).toBeVisible();
  });

  test('dark and light differ and are remembered', async ({ page }) => {
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.getByRole('button', { name: 'Theme: as the system' }).click();
    await page.getByRole('button', { name: 'Theme: light' }).click();
    expect(await background()).not.toBe(light);
    await page.reload();
    await expect(page.getByRole('button', { name: 'Theme: dark' })).toBeVisible();
    await expect.poll(() => pixelsOf(cards(page).first(), '#98a2b1')).toBeGreaterThan(10);
  });

  test('the page speaks Chinese', async ({ page }) => {
    await page.getByRole('button', { name: '切换到中文' }).click();
    await expect(page.getByText('平滑')).toBeVisible();
    await expect(page.getByText('2 / 2')).toBeVisible();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    await page.reload();
    await expect(page.getByRole('button', { name: 'Switch to English' })).toBeVisible();
  });

  test('a lost server is announced, and its return heals the page', async ({ page, server }) => {
    await server.stop();
    await expect(page.getByText('reconnecting').last()).toBeVisible();
    await expect(cards(page)).toHaveCount(4);
    const port = new URL(page.url()).port;
    await server.start('--port', port);
    await expect(page.getByText('Connection lost')).toHaveCount(0, {
      timeout: 15_000,
    });
  });

  test('a phone gets one column and the runs in a drawer', async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 800 });
    await expect(runFilter(page)).toHaveCount(0);
    await page.getByRole('button', { name: 'Show runs' }).click();
    await expect(runFilter(page)).toBeVisible();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBe(390);
  });

  test('? lists the keys', async ({ page }) => {
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog')).toContainText('Filter tags');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });
});

test('a missing folder is waited for', async ({ page, server }) => {
  await page.goto(await server.start());
  await expect(page.getByText(`Waiting for ${server.logdir}`)).toBeVisible();
  await expect(page.getByText('from runlens import SummaryWriter')).toBeVisible();
  server.write(0, 50, 'first');
  await expect(cards(page)).toHaveCount(4, { timeout: 10_000 });
});

test('the page works below a path prefix, without a request outside of it', async ({ page, server }) => {
  server.write(0, 50, 'first');
  const paths: string[] = [];
  page.on('request', (request) => paths.push(new URL(request.url()).pathname));
  await page.goto(await server.start('--path_prefix', '/lab/runs'));
  await expect(cards(page)).toHaveCount(4);
  expect(paths.filter((path) => !path.startsWith('/lab/runs/'))).toEqual([]);
});

test('the page works behind a proxy that serves it somewhere else, live events included', async ({
  page,
  server,
}) => {
  server.write(0, 50, 'first');
  const home = await server.start();
  const proxy = await proxyTo(home, '/user/one/proxy/6006/');
  try {
    await page.goto(proxy.address);
    await expect(cards(page)).toHaveCount(4);
    server.write(0, 50, 'second');
    await expect(page.getByText('2 of 2')).toBeVisible();
  } finally {
    proxy.close();
  }
});

test('a page that is hidden lets go of its connection and catches up when it is seen again', async ({
  page,
  server,
}) => {
  server.write(0, 50, 'first');
  await page.goto(await server.start());
  await expect(cards(page)).toHaveCount(4);
  const hide = (hidden: boolean): Promise<void> =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { value, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  await hide(true);
  server.write(0, 50, 'second');
  await page.waitForTimeout(600); // longer than a change takes to arrive
  await expect(page.getByText('1 of 1')).toBeVisible();
  await hide(false);
  await expect(page.getByText('2 of 2')).toBeVisible();
});

test('what could not be read is listed with its place and reason', async ({ page, server }) => {
  server.write(0, 50, 'first');
  mkdirSync(join(server.logdir, 'broken'));
  writeFileSync(join(server.logdir, 'broken', 'events.out.tfevents.1'), Buffer.alloc(100));
  await page.goto(await server.start());
  await expect(cards(page)).toHaveCount(4);
  await page.getByRole('button', { name: /problem/ }).click();
  await expect(page.getByRole('dialog')).toContainText('broken/events.out.tfevents.1');
  await expect(page.getByRole('dialog')).toContainText('record length checksum');
});

for (const framework of ['torch', 'tensorflow', 'tensorboardx']) {
  test(`logs written by ${framework} are drawn`, async ({ page, server }) => {
    cpSync(join(__dirname, '../data', framework), server.logdir, {
      recursive: true,
    });
    await page.goto(await server.start());
    await expect(cards(page).first()).toBeVisible();
    const runs = page.locator('.row');
    const colours = await Promise.all((await runs.all()).map(colourOf));
    const drawn = async (): Promise<number> => {
      const counts = colours.map((colour) => pixelsOf(cards(page).first(), colour));
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
    };
    await expect.poll(drawn).toBeGreaterThan(5);
  });
}

test('of many runs the newest twenty are ticked', async ({ page, server }) => {
  server.write(0, 2, ...Array.from({ length: 25 }, (_, i) => `run${i}`));
  await page.goto(await server.start());
  await expect(page.getByText('20 of 25')).toBeVisible();
  await page.getByTitle('Tick all listed runs', { exact: true }).click();
  await expect(page).toHaveURL(/runs=all/);
});

test('nothing is asked of another host, and nothing is complained about', async ({ page, server }) => {
  server.write(0, 50, 'first');
  const strangers: string[] = [];
  const complaints: string[] = [];
  const home = await server.start();
  page.on('request', (request) => void (request.url().startsWith(home) || strangers.push(request.url())));
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(home);
  await expect(cards(page)).toHaveCount(4);
  expect([strangers, complaints]).toEqual([[], []]);
});

test('parts of a run are listed under it, ticked with it and called by their labels; or as they are', async ({
  server,
  page,
}) => {
  server.write(0, 20, 'exp', 'other');
  server.writeParts('exp');
  await page.goto(await server.start());
  const rows = page.locator('.row');
  await expect(rows).toHaveText([/exp/, /other/]);
  await expect(page.getByText('4 of 4')).toBeVisible();

  await page.getByRole('button', { name: 'List the 2 parts of exp' }).click();
  await expect(rows).toHaveText([/exp/, /train/, /valid/, /other/]);
  await page.getByRole('checkbox', { name: 'Show exp/main/loss/valid' }).uncheck();
  const parent = page.getByRole('checkbox', { name: 'Show exp', exact: true });
  await expect(parent).toBeChecked({ indeterminate: true });
  await parent.check();
  await expect(page.getByText('4 of 4')).toBeVisible();

  await page.getByRole('combobox', { name: /Filter tags/ }).fill('main/loss');
  await cards(page).locator('canvas').first().hover();
  await expect(page.locator('td.run')).toHaveText(['exp › valid', 'exp › train']);
  await page.getByText('Nest parts of runs').click();
  await expect(rows).toHaveText([/exp/, /exp\/main\/loss\/train/, /exp\/main\/loss\/valid/, /other/]);
  await page.reload();
  await expect(rows).toHaveCount(4);
  await cards(page).locator('canvas').first().hover();
  await expect(page.locator('td.run').first()).toHaveText('exp/main/loss/valid');
});
