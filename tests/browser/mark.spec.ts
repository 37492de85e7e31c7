// Marked moments: flags in the charts, and the list of them.
import { expect, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { plotOf, PYTHON, test, type Server } from './server';

async function open(server: Server, page: Page, query: string): Promise<void> {
  execFileSync(PYTHON, [join(__dirname, 'write_circumstances.py'), server.logdir]);
  await page.goto(`${await server.start()}?${query}`);
}

/** What the charts have written on their canvases since they were last asked. */
async function listen(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const said: string[] = ((window as unknown as { said: string[] }).said = []);
    const write = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
      said.push(text);
      return write.call(this, text, ...place);
    };
  });
  return () => page.evaluate(() => (window as unknown as { said: string[] }).said.splice(0));
}

test('flags stand in the charts, follow the ticks and can be put away', async ({ server, page }) => {
  const said = await listen(page);
  await open(server, page, '');
  await plotOf(page.getByRole('article')).waitFor();
  await expect.poll(said).toEqual(expect.arrayContaining(['lr drop ×2', 'only a', 'only b']));
  await page.getByRole('checkbox', { name: 'Show b', exact: true }).uncheck();
  await expect.poll(said).toEqual(expect.arrayContaining(['lr drop', 'only a']));
  await page.getByRole('button', { name: 'Options of all charts' }).click();
  await page.getByText('Marks', { exact: true }).last().click();
  await said();
  await page.mouse.move(0, 0);
  await page.getByRole('checkbox', { name: 'Show bare' }).uncheck();
  const drawn: string[] = [];
  await expect.poll(async () => drawn.push(...(await said()))).toBeGreaterThan(0);
  expect(drawn).not.toContain('lr drop');
});

test('the list leads to the curves at a step', async ({ server, page }) => {
  await open(server, page, 'kind=mark');
  const rows = page.getByRole('table', { name: 'Marks' }).getByRole('row');
  await expect(rows).toHaveText([
    /Step/,
    /20.*only a/,
    /50.*lr drop.*0\.1 to 0\.01/,
    /50.*lr drop/,
    /80.*only b/,
  ]);
  await rows.last().getByRole('button', { name: '80' }).click();
  await expect(page).toHaveURL(/at=80/);
  await plotOf(page.getByRole('article')).waitFor();
});

test('a mark comes while one looks', async ({ server, page }) => {
  await open(server, page, 'kind=mark');
  const rows = page.getByRole('table', { name: 'Marks' }).getByRole('row');
  await expect(rows).toHaveCount(5);
  const script =
    'import runlens, sys; w = runlens.SummaryWriter(sys.argv[1]); w.add_event("late", 99); w.close()';
  execFileSync(PYTHON, ['-c', script, join(server.logdir, 'b')]);
  await expect(rows.last()).toContainText('late');
});
