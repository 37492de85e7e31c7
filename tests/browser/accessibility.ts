// What axe finds wrong with the page for people who do not see it, or not well (WCAG 2.2, levels A and AA).
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

export async function problems(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}
