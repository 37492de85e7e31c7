// The filter of tags suggests folders and tags, by keys and by the pointer.
import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import { test } from './server';

test('what is typed is completed by keys, and Escape steps back', async ({ page, server }) => {
  server.write(0, 20, 'a');
  await page.goto(await server.start());
  await expect(page.getByRole('article')).toHaveCount(4);
  const field = page.getByRole('combobox', { name: /Filter tags/ });
  const options = page.getByRole('option');
  await page.keyboard.press('/');
  await expect(field).toBeFocused();
  await expect(field).toHaveAttribute('aria-expanded', 'false');
  await page.keyboard.type('tr');
  await expect(options).toHaveText(['train/ 2', 'train/loss', 'train/noise']);
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('option', { selected: true })).toHaveText('train/ 2');
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag22aa']).analyze();
  expect(violations).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(field).toHaveValue('^train/');
  await expect(page.getByRole('article')).toHaveCount(2);
  await expect(options).toHaveCount(0);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('option', { selected: true })).toHaveText('train/noise');
  await page.keyboard.press('Escape');
  await expect(options).toHaveCount(0);
  await expect(field).toHaveValue('^train/');
  await page.keyboard.press('Escape');
  await expect(field).toHaveValue('');
  await field.fill('accuracy|lo');
  await page.getByRole('option', { name: 'train/loss' }).click();
  await expect(field).toHaveValue('accuracy|^train/loss$');
  await expect(page.getByRole('article')).toHaveCount(2);
});
