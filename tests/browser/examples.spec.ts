// The examples, run as their readers run them, on the page.
import { expect, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PYTHON, ROOT, test } from './server';

const EXAMPLES = join(ROOT, 'examples');
const CARDS: Record<string, string[]> = {
  scalar: ['loss/train', 'waves', 'accuracy/test'],
  image: ['waves', 'batch', 'detections', 'sine', 'moving square', 'digits', 'taken for another'],
  audio: ['chirp'],
  text: ['notes', 'taken for another'],
  histogram: ['layer1/weights', 'gradient'],
  pr_curve: ['detector', 'add_pr_curve 实例：/label_0', 'add_pr_curve 实例：/label_2'],
  custom_scalars: ['train and valid', 'loss with its range'],
  mesh: ['tetrahedron'],
};

/** Runs the scripts of a folder of examples in `folder`, below which they write `logs`. */
function runAll(examples: string, folder: string): void {
  for (const script of readdirSync(join(EXAMPLES, examples)).sort()) {
    // It takes a file of the reader's own.
    if (!script.endsWith('.py') || script === 'add_onnx_graph.py') continue;
    execFileSync(PYTHON, [join(EXAMPLES, examples, script)], { cwd: folder, stdio: 'pipe' });
  }
}

/** By how its name begins: writers append to a text's. */
const card = (page: Page, tag: string) => page.getByRole('article', { name: new RegExp(`^${tag}`) }).first();

test('what every example logs is on the page', async ({ page, server }) => {
  test.setTimeout(240_000);
  const folder = dirname(server.logdir);
  runAll('methods', folder);
  runAll('uses', folder);
  const home = await server.start();
  for (const [kind, tags] of Object.entries(CARDS)) {
    for (const tag of tags) {
      // Of custom charts a filter is for the tags in them.
      const filter = kind === 'custom_scalars' ? '' : `&tag_filter=${encodeURIComponent(tag)}`;
      await page.goto(`${home}?kind=${kind}&runs=all${filter}`);
      await expect(card(page, tag), `${kind} ${tag}`).toBeVisible();
      await expect(card(page, tag).getByRole('alert')).toHaveCount(0);
    }
  }
  await page.goto(`${home}?kind=graph&runs=all`);
  await expect(page.getByRole('application', { name: /Graph of a model/ })).toBeVisible();
  await page.goto(`${home}?kind=embedding&runs=all`);
  await expect(page.locator('canvas').first()).toBeVisible();
  await page.goto(`${home}?kind=hparams&runs=all`);
  await expect(page.getByRole('row', { name: /add_hparams/ }).first()).toBeVisible();
});
