// What only pretends to be an image: a message in its card and nothing else, whatever the log says of it.
import { expect, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { PYTHON, test } from './server';

const card = (page: Page, tag: string) => page.getByRole('article', { name: tag, exact: true });

test('bombs, HTML and SVG give a message; a wrong size is not believed', async ({ server, page }) => {
  execFileSync(PYTHON, [join(__dirname, 'write_hostile_images.py'), server.logdir]);
  await page.goto(`${await server.start()}?kind=image`);
  await expect(card(page, 'bomb').getByRole('alert')).toContainText('too large to be shown: 60000 x 60000');
  await expect(card(page, 'html').getByRole('alert')).toContainText('not an image: it begins with 3c 21 64');
  await expect(card(page, 'svg').getByRole('alert')).toContainText(
    'not an image: it begins with 3c 73 76 67',
  );
  await expect(card(page, 'good').getByRole('img')).toHaveJSProperty('naturalWidth', 4);
  await expect(page.getByRole('img', { name: / of bad / })).toHaveCount(1);
  expect(await page.evaluate(() => 'hit' in window)).toBe(false);
});
