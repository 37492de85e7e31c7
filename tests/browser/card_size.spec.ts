// A card given a size of its own: by its corner, by keys, in the link, and taken back.
import { expect, type Page } from '@playwright/test';
import { plotOf, test } from './server';

const card = (page: Page) => page.getByRole('article', { name: 'train/loss' });
const grip = (page: Page) => page.getByRole('button', { name: 'Size of train/loss' });

async function boxOf(page: Page): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await card(page).boundingBox();
  if (!box) throw new Error('no card of train/loss');
  return box;
}

test('a corner that is dragged sizes one card, the link keeps it, and a double click takes it back', async ({
  page,
  server,
}) => {
  server.write(0, 50, 'a', 'b');
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(await server.start());
  await expect(plotOf(card(page))).toBeVisible();
  const before = await boxOf(page);
  // The grip is held in its middle, eight pixels above the corner; heights come in steps of twelve.
  await grip(page).hover();
  await page.mouse.down();
  await page.mouse.move(before.x + before.width * 1.9, before.y + before.height + 60, { steps: 4 });
  await page.mouse.up();
  await expect(page).toHaveURL(/size=2,336,scalar:train\/loss/);
  const after = await boxOf(page);
  expect(after.width).toBeGreaterThan(before.width * 1.9);
  expect(after.height).toBe(336);
  await page.reload();
  await expect(plotOf(card(page))).toBeVisible();
  expect(await boxOf(page)).toEqual(after);
  await grip(page).dblclick();
  await expect(page).not.toHaveURL(/size=/);
  expect(await boxOf(page)).toEqual(before);
});

test('arrow keys size a card, too', async ({ page, server }) => {
  server.write(0, 50, 'a');
  await page.goto(await server.start());
  await expect(plotOf(card(page))).toBeVisible();
  const before = await boxOf(page);
  await grip(page).focus();
  await page.keyboard.press('ArrowDown');
  await expect.poll(async () => (await boxOf(page)).height).toBe(before.height + 24);
  await page.keyboard.press('ArrowRight');
  await expect.poll(async () => (await boxOf(page)).width).toBeGreaterThan(before.width * 1.9);
  await expect(grip(page)).toBeFocused();
  await page.keyboard.press('Home');
  await expect.poll(() => boxOf(page)).toEqual(before);
});
