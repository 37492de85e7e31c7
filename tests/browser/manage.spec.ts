// What people say of runs: names, notes, tags, stars; hidden and archived runs; undo; others who change the file.
import { expect, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { colourOf, pixelsOf, PYTHON, test, type Server } from './server';

const loss = (page: Page) => page.getByRole('article', { name: 'train/loss' });
const row = (page: Page, run: string) => page.locator('.row', { hasText: run });
const menu = (page: Page) => page.getByRole('dialog', { name: /^Menu of/ });
const file = (server: Server): string => join(server.logdir, 'runlens.toml');
const written = (server: Server) =>
  expect.poll(() => (existsSync(file(server)) ? readFileSync(file(server), 'utf8') : ''));

test.beforeEach(async ({ server, page }) => {
  server.write(0, 50, 'a/adam', 'a/sgd', 'b/lion');
  await page.goto(await server.start('--sidecar=logdir'));
  await expect(loss(page)).toBeVisible();
});

async function choose(page: Page, run: string, item: string): Promise<void> {
  await row(page, run).click({ button: 'right' });
  await menu(page).getByText(item).click();
}

test('a run is renamed in the menu and in the list, and its path stays in sight', async ({
  page,
  server,
}) => {
  await choose(page, 'a/adam', 'Rename');
  await menu(page).getByRole('textbox', { name: 'Name of a/adam' }).fill('The best Adam');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(row(page, 'The best Adam')).toContainText('a/adam');
  await written(server).toContain('[runs."a/adam"]\nname = "The best Adam"\n');
  await page.getByRole('checkbox', { name: 'Show a/sgd' }).press('F2');
  await page.getByRole('textbox', { name: 'Name of a/sgd' }).fill('Plain');
  await page.keyboard.press('Enter');
  await expect(row(page, 'Plain')).toContainText('a/sgd');
  await page.keyboard.press('Control+z');
  await expect(row(page, 'Plain')).toHaveCount(0);
  await page.reload();
  await expect(row(page, 'The best Adam')).toContainText('a/adam');
  await page.getByRole('textbox', { name: /Filter runs/ }).fill('best');
  await expect(page.locator('.row')).toHaveCount(1);
});

test('a note is written in Markdown, seen as it will look, and harmless', async ({ page, server }) => {
  await choose(page, 'adam', 'Note, tags and group');
  const editor = page.getByRole('dialog', { name: 'a/adam' });
  await editor.getByLabel('Tags').fill('best, v2');
  await editor.getByLabel('Group').fill('baselines');
  await editor
    .getByRole('textbox', { name: 'Note' })
    .fill('# Found\n**good** <img src=x onerror="window.hurt=1">');
  await editor.getByText('Preview').click();
  await expect(editor.getByRole('heading', { name: 'Found' })).toBeVisible();
  await expect(editor.locator('strong')).toHaveText('good');
  await editor.getByRole('button', { name: 'Save' }).click();
  await written(server).toContain('note = """\n# Found\n**good** <img');
  await written(server).toContain('tags = ["best", "v2"]');
  await expect(row(page, 'adam')).toContainText('best');
  await row(page, 'adam').getByRole('button', { name: 'Note on a/adam' }).click();
  await expect(editor.getByRole('heading', { name: 'Found' })).toBeVisible();
  expect(await page.evaluate(() => 'hurt' in window)).toBe(false);
});

test('tags are told apart by commas of either width', async ({ page, server }) => {
  await choose(page, 'adam', 'Note, tags and group');
  const editor = page.getByRole('dialog', { name: 'a/adam' });
  await editor.getByLabel('Tags').fill('best\uFF0Cv2, old');
  await editor.getByRole('button', { name: 'Save' }).click();
  await written(server).toContain('tags = ["best", "v2", "old"]');
});

test('stars, tags and groups narrow the list', async ({ page, server }) => {
  await row(page, 'lion').hover();
  await row(page, 'lion').getByRole('button', { name: 'Star b/lion' }).click();
  await written(server).toContain('star = true');
  writeFileSync(file(server), readFileSync(file(server), 'utf8') + '\n[runs."a/sgd"]\ntags = ["old"]\n');
  await page.getByRole('button', { name: 'Starred' }).click();
  await expect(page.locator('.row')).toHaveCount(1);
  await expect(row(page, 'lion')).toBeVisible();
  await page.getByRole('button', { name: 'List all' }).click();
  await page.getByRole('button', { name: 'Tags', exact: true }).click();
  await page.getByRole('checkbox', { name: 'old' }).check();
  await expect(page.locator('.row')).toHaveCount(1);
  await expect(page).toHaveURL(/only=tag:old/);
});

test('a hidden run is drawn no more until it is ticked, an archived one is gone, and both can be undone', async ({
  page,
}) => {
  const colour = await colourOf(row(page, 'adam'));
  await expect.poll(() => pixelsOf(loss(page), colour)).toBeGreaterThan(20);
  await choose(page, 'adam', 'Hide this run');
  await expect.poll(() => pixelsOf(loss(page), colour)).toBe(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => pixelsOf(loss(page), colour)).toBeGreaterThan(20);
  await choose(page, 'adam', 'Hide this run');
  await expect(page.getByRole('checkbox', { name: 'Show a/adam' })).not.toBeChecked();
  await page.getByRole('checkbox', { name: 'Show a/adam' }).check();
  await expect.poll(() => pixelsOf(loss(page), colour)).toBeGreaterThan(20);
  await choose(page, 'adam', 'Archive');
  await expect(row(page, 'adam')).toHaveCount(0);
  await expect.poll(() => pixelsOf(loss(page), colour)).toBe(0);
  await page.getByRole('button', { name: 'Archive' }).click();
  await expect(page.locator('.row')).toHaveCount(1);
  await page.getByRole('button', { name: 'List all' }).click();
  await page.keyboard.press('Control+z');
  await expect(row(page, 'adam')).toBeVisible();
});

test('ticking a hidden run shows it again wherever it is ticked, and that can be undone', async ({
  page,
}) => {
  const box = (run: string) => page.getByRole('checkbox', { name: `Show ${run}`, exact: true });
  const table = page.getByRole('table', { name: 'Table of runs' });
  await choose(page, 'adam', 'Hide this run');
  await page.locator('aside').getByRole('button', { name: 'All' }).click();
  await expect(box('a/adam')).toBeChecked();
  await page.keyboard.press('Control+z');
  await expect(page.getByText('Taken back: Showed a/adam again')).toBeVisible();
  await expect(box('a/adam')).not.toBeChecked();
  await choose(page, 'sgd', 'Hide this run');
  await choose(page, 'lion', 'Hide this run');
  await page.getByRole('button', { name: 'Tick all runs' }).click();
  await expect(loss(page)).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(page.getByText('Taken back: Showed 3 runs again')).toBeVisible();
  await box('a/sgd').check();
  await page.getByRole('button', { name: /^Runs/ }).click();
  await table.getByRole('checkbox', { name: 'Show a/adam' }).check();
  await expect(table.getByRole('checkbox', { name: 'Show a/adam' })).toBeChecked();
  await table.getByRole('checkbox', { name: 'Tick all' }).check();
  await expect(table.getByRole('checkbox', { name: 'Show b/lion' })).toBeChecked();
  await expect(table.getByRole('checkbox', { name: 'Tick all' })).toBeChecked();
});

test('the run table lists the runs that the list lists', async ({ page }) => {
  const names = page.getByRole('table', { name: 'Table of runs' }).getByRole('rowheader');
  await page.getByRole('button', { name: /^Runs/ }).click();
  await expect(names).toHaveCount(3);
  await page.locator('aside').getByRole('button', { name: 'Menu of a/adam' }).press('Enter');
  await menu(page).getByText('Archive').click();
  await expect(names).toHaveCount(2);
  await page.getByRole('button', { name: 'Archive' }).click();
  await expect(names).toHaveText([/adam/]);
});

test('the colour picker writes one change, whatever was passed on the way', async ({ page, server }) => {
  const before = await colourOf(row(page, 'adam'));
  await row(page, 'adam').click({ button: 'right' });
  const picker = menu(page).getByLabel('Another colour');
  await picker.evaluate((input: HTMLInputElement) => {
    for (const shade of ['#100000', '#200000', '#00c8ff']) {
      input.value = shade;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }
    input.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await expect.poll(() => colourOf(row(page, 'adam'))).toBe('#00c8ff');
  await written(server).toContain('colour = "#00c8ff"');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+z');
  await expect.poll(() => colourOf(row(page, 'adam'))).toBe(before);
});

test('what git or an editor does to the file is seen at once, also when it cannot be read', async ({
  page,
  server,
}) => {
  writeFileSync(file(server), '[runs."b/lion"]\nname = "Pulled"\ncolour = "#00c8ff"\n');
  await expect(row(page, 'Pulled')).toContainText('b/lion');
  await expect.poll(() => pixelsOf(loss(page), '#00c8ff')).toBeGreaterThan(20);
  const conflict = '<<<<<<< HEAD\n';
  writeFileSync(file(server), conflict);
  await page.getByRole('button', { name: '1 problem' }).click();
  await expect(page.getByRole('dialog')).toContainText('line 1');
  await page.keyboard.press('Escape');
  await expect(row(page, 'Pulled')).toBeVisible();
  await choose(page, 'adam', 'Archive');
  await expect(page.getByRole('status').filter({ hasText: 'is left as it is' })).toBeVisible();
  await expect(row(page, 'adam')).toBeVisible();
  expect(readFileSync(file(server), 'utf8')).toBe(conflict);
});

test('a view is saved under a name, shared as a short link, and kept in the file', async ({
  page,
  server,
}) => {
  const workspaces = page.getByRole('dialog', { name: 'Workspaces' });
  await page.getByRole('combobox', { name: /Filter tags/ }).fill('loss');
  await page.getByText('Wall time').click();
  await page.getByRole('button', { name: 'Workspaces' }).click();
  await workspaces.getByRole('textbox').fill('Paper, figure 2');
  await workspaces.getByRole('button', { name: 'Save' }).click();
  await written(server).toContain('[workspaces."Paper, figure 2"]\nview = ["tag_filter=loss", "x=wall"]');
  await expect(page).toHaveURL(/\?workspace=Paper%2C\+figure\+2$/);
  const link = page.url();
  await page.getByText('Relative').click();
  await expect(page).toHaveURL(/workspace=.*x=relative/);
  await page.goto(link);
  await expect(page.getByRole('combobox', { name: /Filter tags/ })).toHaveValue('loss');
  await expect(page.getByRole('radio', { name: 'Wall time' })).toBeChecked();
  await expect(page).toHaveURL(link);
  await page.getByRole('combobox', { name: /Filter tags/ }).fill('acc');
  await page.getByRole('button', { name: 'Workspaces' }).click();
  await workspaces.getByRole('button', { name: 'Save changes to' }).click();
  await written(server).toContain('"tag_filter=acc"');
  await workspaces.getByRole('button', { name: 'Rename' }).click();
  await workspaces.getByRole('textbox', { name: 'Rename' }).fill('Talk');
  await page.keyboard.press('Enter');
  await written(server).toContain('[workspaces."Talk"]');
  await workspaces.getByRole('button', { name: 'Remove Talk' }).click();
  await written(server).not.toContain('workspaces');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Undo' }).click();
  await written(server).toContain('[workspaces."Talk"]');
});

test('a workspace that is opened is what the projector and the graph show', async ({ page, server }) => {
  for (const script of ['write_embeddings.py', 'write_graphs.py'])
    execFileSync(PYTHON, [join(__dirname, script), join(server.logdir, script)]);
  const workspaces = page.getByRole('dialog', { name: 'Workspaces' });
  const find = page.getByLabel('Find nodes (regex)');
  const looks: [string, () => Promise<void>, () => Promise<void>, () => Promise<void>][] = [
    [
      'embedding',
      () => page.getByText('2D', { exact: true }).click(),
      () => page.getByText('3D', { exact: true }).click(),
      () => expect(page.getByRole('radio', { name: '2D' })).toBeChecked(),
    ],
    ['graph', () => find.fill('relu'), () => find.fill('gelu'), () => expect(find).toHaveValue('relu')],
  ];
  for (const [kind, look, lookElsewhere, isAsSaved] of looks) {
    await page.goto(new URL(`?kind=${kind}`, page.url()).href);
    await look();
    // The link also holds the colours that suit the labels, once those are there.
    await expect(page).toHaveURL(/projector=.*dimensions.*colourBy|relu/);
    await page.getByRole('button', { name: 'Workspaces' }).click();
    await workspaces.getByRole('textbox').fill(kind);
    await workspaces.getByRole('button', { name: 'Save' }).click();
    await written(server).toContain(`[workspaces."${kind}"]`);
    await page.keyboard.press('Escape');
    await lookElsewhere();
    await expect(page).toHaveURL(/workspace=.*&/);
    await page.getByRole('button', { name: 'Workspaces' }).click();
    await workspaces.getByRole('button', { name: `Open ${kind}` }).click();
    await isAsSaved();
    await expect(page).toHaveURL(new RegExp(`\\?workspace=${kind}$`));
  }
});

test('a link to a workspace that is not there says so and shows the page', async ({ page, server }) => {
  const link = new URL('?workspace=lost', page.url());
  await page.goto(link.href);
  await expect(page.getByText('There is no workspace “lost”.')).toBeVisible();
  await expect(loss(page)).toBeVisible();
  expect(existsSync(file(server))).toBe(false);
});

test('a template names the runs that have no name', async ({ page, server }) => {
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('textbox', { name: 'Names of runs' }).fill('{-1} of {1}');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(row(page, 'adam of a')).toContainText('a/adam');
  await written(server).toContain('name_template = "{-1} of {1}"');
});

test('a run goes to the trash when its path is typed, and comes back', async ({ page, server }) => {
  await server.stop();
  const events = join(server.logdir, 'a/adam');
  const dialog = page.getByRole('dialog', { name: 'Move a/adam to the trash' });
  await page.goto(await server.start('--sidecar=logdir', '--allow_delete'));
  await choose(page, 'adam', 'Move to the trash');
  await expect(dialog.getByRole('button', { name: 'Move to the trash' })).toBeDisabled();
  await dialog.getByRole('textbox').fill('a/adam');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('alert')).toContainText('is being written');
  for (const name of readdirSync(events)) utimesSync(join(events, name), 1_700_000_000, 1_700_000_000);
  await page.keyboard.press('Enter');
  await expect(row(page, 'adam')).toHaveCount(0);
  expect(existsSync(events)).toBe(false);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row(page, 'adam')).toBeVisible();
  expect(existsSync(events)).toBe(true);
});
