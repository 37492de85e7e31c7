// Nothing is wrong with the page for people who do not see it, or not well.
import { expect } from '@playwright/test';
import { problems } from './accessibility';
import { test } from './server';

for (const theme of ['light', 'dark'] as const) {
  test(`every state of the page is accessible, ${theme}`, async ({ page, server }) => {
    server.write(0, 100, 'mnist/adam', 'mnist/sgd');
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.goto(`${await server.start()}?pin=scalar:odd&steps=20,60`);
    await expect(page.getByRole('table', { name: /marked steps of odd/ }).getByRole('row')).toHaveCount(3);
    expect(await problems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Options of all charts' }).click();
    expect(await problems(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Compare/ }).click();
    await page.getByRole('combobox', { name: 'Show runs as groups' }).selectOption('All as one group');
    expect(await problems(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Axes and downloads of odd' }).click();
    expect(await problems(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.locator('.row').first().click({ button: 'right' });
    expect(await problems(page)).toEqual([]);
    await page.keyboard.press('Escape');
    for (const key of [',', '?']) {
      await page.locator('body').press(key);
      await expect(page.getByRole('dialog')).toBeVisible();
      expect(await problems(page)).toEqual([]);
      await page.keyboard.press('Escape');
    }
  });
}
