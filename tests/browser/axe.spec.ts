// What axe finds wrong with the page for people who do not see it, or not well: nothing (WCAG 2.2, levels A and AA).
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { test } from './server';

async function problems(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}

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
