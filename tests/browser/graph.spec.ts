// Graphs on the screen: opened, searched, traced, coloured, compared, uploaded, downloaded.
import { expect, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problems } from './accessibility';
import { PYTHON, test } from './server';

const picture = (page: Page) => page.getByRole('application', { name: /Graph of a model/ });
const panel = (page: Page) => page.getByRole('complementary', { name: 'Node' });
const boxes = async (page: Page, count: number) =>
  expect(picture(page)).toHaveAttribute('data-boxes', String(count));
const settled = async (page: Page) => expect(picture(page)).toHaveAttribute('data-settled', 'true');
const choose = (page: Page, label: string, option: string) =>
  page.getByLabel(label, { exact: true }).selectOption({ label: option });
/** Finds by name and jumps to the first. */
async function jump(page: Page, regex: string): Promise<void> {
  await page.getByLabel('Find nodes (regex)').fill(regex);
  await page.getByLabel('Find nodes (regex)').press('Enter');
  await settled(page);
}

test.beforeEach(async ({ server, page }) => {
  execFileSync(PYTHON, [join(__dirname, 'write_graphs.py'), server.logdir]);
  await page.goto(`${await server.start()}?kind=graph`);
  await expect(picture(page)).toBeVisible();
  await settled(page);
});

test('a model is shown with its blocks folded, and what it holds in all', async ({ page }) => {
  // input, output, Net, blocks, one box for the six blocks in it, and these.
  await boxes(page, 11);
  await expect(panel(page)).toContainText(/Parameters\s*25k/);
  await expect(panel(page)).toContainText(/Nodes\s*39/);
  await expect(panel(page)).toContainText(/Parameters and buffers\s*6/);
});

test('a jump opens what the node lies in and tells of it', async ({ page }) => {
  await jump(page, 'blocks/2/fc/linear$');
  await boxes(page, 11 + 3 + 1);
  await expect(panel(page).getByRole('heading', { name: 'linear' })).toBeVisible();
  await expect(panel(page)).toContainText('Net/blocks/2/fc/linear');
  await expect(panel(page)).toContainText('float32 8×64');
  await expect(panel(page)).toContainText(/FLOPs\s*65\.5k \(65,536\)/);
  await expect(panel(page)).toContainText('Net/blocks/1/add');
  await panel(page)
    .getByRole('button', { name: /Net\/blocks\/1\/add/ })
    .click();
  await expect(panel(page).getByRole('heading', { name: 'add' })).toBeVisible();
});

test('double click and keys open and close boxes', async ({ page }) => {
  await jump(page, 'blocks/4$');
  await boxes(page, 11);
  const canvas = picture(page).locator('canvas').first();
  await canvas.press('Enter');
  await boxes(page, 14);
  await canvas.press('Enter');
  await boxes(page, 11);
  await canvas.press('Shift+Enter');
  await boxes(page, 15);
  await canvas.press('Enter');
  await settled(page);
  await canvas.press('ArrowUp');
  await expect(panel(page).getByRole('heading', { name: '3', exact: true })).toBeVisible();
  await canvas.press('z');
  await settled(page);
  const window = await canvas.boundingBox();
  if (!window) throw new Error('no picture');
  await canvas.dblclick({ position: { x: window.width / 2, y: window.height / 2 } });
  await boxes(page, 14);
});

test('everything is opened and closed at once', async ({ page }) => {
  await page.getByRole('button', { name: 'Expand all' }).click();
  await boxes(page, 11 + 6 * 3 + 6);
  await page.getByRole('button', { name: 'Collapse all' }).click();
  await boxes(page, 3);
  await page.getByRole('button', { name: 'As at first' }).click();
  await boxes(page, 11);
});

test('folding and setting aside can be turned off', async ({ page }) => {
  await page.getByText('Fold series').click();
  await boxes(page, 10);
  await jump(page, 'blocks/5$');
  await boxes(page, 10);
  await page.getByText('Constants & co.').click();
  await jump(page, 'blocks/5/fc/weight');
  await expect(panel(page)).toContainText(/Parameters\s*4\.1k \(4,096\)/);
});

test('an item can be set aside and brought back', async ({ page }) => {
  await jump(page, 'blocks/5$');
  await panel(page).getByRole('button', { name: 'Set aside' }).click();
  await expect(panel(page).getByRole('button', { name: 'Show in the graph' })).toBeVisible();
  await panel(page).getByRole('button', { name: 'Show in the graph' }).click();
  await expect(panel(page).getByRole('button', { name: 'Set aside' })).toBeVisible();
});

test('traces and colours', async ({ page }) => {
  await jump(page, 'blocks/4$');
  const trace = panel(page).getByRole('button', { name: 'Trace inputs' });
  await trace.click();
  await expect(trace).toHaveAttribute('aria-pressed', 'true');
  const legend = page.getByRole('group', { name: 'What the colours mean' });
  await expect(legend).toContainText('Block');
  await choose(page, 'Colour', 'Parameters');
  await expect(legend).toContainText('4.16k');
  await choose(page, 'Colour', 'Device');
  await expect(legend).toContainText('/device:CPU:0');
  await choose(page, 'Colour', 'Compute time');
  await expect(legend).toContainText('1.5 ms');
});

test('another version is compared with', async ({ page }) => {
  await choose(page, 'Compare with', 'b · graph');
  await settled(page);
  const legend = page.getByRole('group', { name: 'What the colours mean' });
  await expect(legend).toContainText(/added\s*6/);
  await expect(legend).toContainText(/removed\s*12/);
  await expect(legend).toContainText('changed');
  await jump(page, 'blocks/1/relu');
  await expect(panel(page)).toContainText(/Difference\s*added/);
  await choose(page, 'Compare with', 'nothing');
  await boxes(page, 11);
});

test('what is wrong with a graph is told, and the rest is shown', async ({ page }) => {
  await choose(page, 'Graph', 'odd · graph');
  await boxes(page, 5);
  await expect(page.getByText('The graph breaks off')).toBeVisible();
  await expect(page.getByText('Inputs that name no node: 1')).toBeVisible();
  await page.getByText('The graph has a cycle.').click();
  await expect(page.getByText(/ → .* → /)).toBeVisible();
  await expect(page.getByText('Names that occur more than once: 1')).toBeVisible();
});

test('an attribute of megabytes is told in part', async ({ page }) => {
  await choose(page, 'Graph', 'odd · graph');
  await boxes(page, 5);
  await jump(page, '^q$');
  await expect(panel(page)).toContainText('zzzz');
  await expect(panel(page)).toContainText(/shown in part; 2\.86 MiB/);
});

test('a call leads to its function, and the function to its calls', async ({ page }) => {
  await choose(page, 'Graph', 'tf · graph');
  await boxes(page, 3);
  await expect(panel(page)).toContainText(/Functions\s*3/);
  await jump(page, 'first/call');
  await panel(page).getByRole('button', { name: 'functions/__inference_block_1' }).click();
  await boxes(page, 5);
  await expect(panel(page).getByRole('heading', { name: '__inference_block_1' })).toBeVisible();
  await panel(page).getByRole('button', { name: 'second/call' }).click();
  await expect(panel(page).getByRole('heading', { name: 'second/call' })).toBeVisible();
  await picture(page).locator('canvas').first().press('Enter');
  await boxes(page, 8);
  await expect(panel(page)).toContainText(/Called by\s*2/);
});

test('the table has all layers, sorts them and goes to a file', async ({ page }) => {
  await page.getByRole('button', { name: 'Layers' }).click();
  const table = page.getByRole('table');
  await expect(table.getByRole('row', { name: /^Net Net 8×64 25k/ })).toBeVisible();
  await expect(page.getByText('13 layers')).toBeVisible();
  await expect(table.getByRole('row', { name: /^Total 25k/ })).toBeVisible();
  await table.getByRole('button', { name: 'FLOPs' }).click();
  await expect(table.getByRole('columnheader', { name: /FLOPs/ })).toHaveAttribute('aria-sort', 'descending');
  const started = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download CSV' }).click();
  const file = await started;
  expect(file.suggestedFilename()).toBe('a-graph.csv');
  expect(readFileSync(await file.path(), 'utf8')).toContain('Net/blocks/0/fc,Linear,8×64,4160,65536');
});

test('the picture is downloaded as SVG and PNG', async ({ page }) => {
  const download = async (name: string): Promise<Buffer> => {
    const started = page.waitForEvent('download');
    await page.getByLabel('Download the picture').click();
    await page.getByRole('button', { name }).click();
    return readFileSync(await (await started).path());
  };
  const svg = (await download('Download SVG')).toString();
  expect(svg).toContain('<svg xmlns="http://www.w3.org/2000/svg"');
  for (const text of ['input/x', 'blocks', '6 × Block · 25k', '8×64'])
    expect(svg).toContain(`>${text}</text>`);
  const png = await download('Download PNG');
  expect(png.subarray(1, 4).toString()).toBe('PNG');
});

test('a file is opened, and one that is none is told', async ({ page }) => {
  const text = 'node { name: "first" op: "Placeholder" } node { name: "second" op: "Relu" input: "first" }';
  const input = page.getByLabel(/Open a file/).and(page.locator('input'));
  await input.setInputFiles({ name: 'mine.pbtxt', mimeType: 'text/plain', buffer: Buffer.from(text) });
  await boxes(page, 2);
  await jump(page, 'second');
  await expect(panel(page)).toContainText(/Operation\s*Relu/);
  await input.setInputFiles({ name: 'bad.pb', mimeType: 'text/plain', buffer: Buffer.from('\xff\xff') });
  await expect(page.getByRole('alert')).toContainText('bad.pb');
});

/** A file that the user opens. */
const open = (page: Page, name: string, content: string | Buffer) =>
  page
    .getByLabel(/Open a file/)
    .and(page.locator('input'))
    .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(content) });

test('hostile files are told of, and the graph stays', async ({ page }) => {
  const noise = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919 + (i >> 3)) % 251));
  const files: [string, string | Buffer][] = [
    ['noise.pb', noise],
    ['noise.onnx', noise],
    ['empty.pb', ''],
    ['deep.pbtxt', 'node { attr { value { list {'.repeat(20_000)],
    ['deep.json', '{"config":'.repeat(50_000)],
    ['odd.json', '{"class_name": "Functional", "config": {"layers": 7, "input_layers": {}}}'],
  ];
  for (const [name, content] of files) {
    await open(page, name, content);
    await expect(page.getByRole('alert')).toContainText(name);
    await boxes(page, 11);
  }
});

test('of many calls the first 200 are listed', async ({ page }) => {
  const calls = Array.from(
    { length: 201 },
    (_, i) => `node { name: "n${i}" op: "PartitionedCall" attr { key: "f" value { func { name: "f" } } } }`,
  );
  const library = 'library { function { signature { name: "f" } node_def { name: "m" op: "MatMul" } } }';
  await open(page, 'calls.pbtxt', `${calls.join('\n')} ${library}`);
  await expect(panel(page)).toContainText(/Nodes\s*202/);
  await jump(page, '^functions/f$');
  await expect(panel(page)).toContainText(/Called by\s*201/);
  await expect(panel(page).getByText('the first 200')).toBeVisible();
  await expect(panel(page).getByRole('button', { name: /^n\d+$/ })).toHaveCount(200);
});

test('names of a file are text, whatever they say', async ({ page }) => {
  const name = '<img src=x onerror=alert(1)>';
  await open(
    page,
    'names.pbtxt',
    `node { name: "${name}" op: "${name}" } node { name: "b" input: "${name}" }`,
  );
  await boxes(page, 2);
  await jump(page, 'img');
  await expect(panel(page).getByRole('heading', { name })).toBeVisible();
  await expect(panel(page).locator('img')).toHaveCount(0);
});

test('a long layout is ended when nobody waits for it any more', async ({ page }) => {
  const lines: string[] = [];
  for (const scope of ['s', 't']) {
    for (let i = 0; i < 150; i++) {
      const inputs = [1, 5, 17, 40]
        .filter((back) => back <= i)
        .map((back) => ` input: "${scope}/n${i - back}x"`);
      lines.push(`node { name: "${scope}/n${i}x" op: "Op${i % 7}" ${inputs.join('')} }`);
    }
  }
  await open(page, 'long.pbtxt', lines.join('\n'));
  await boxes(page, 2);
  const [worker] = page.workers();
  const ended = new Promise((done) => worker.once('close', done));
  await page.getByRole('button', { name: 'Expand all' }).click();
  await expect(picture(page)).toHaveAttribute('data-settled', 'false');
  await page.getByRole('button', { name: 'Collapse all' }).click();
  await ended;
  await boxes(page, 2);
  await settled(page);
});

test('every command has a key, and the list of keys has it', async ({ page }) => {
  await jump(page, 'blocks/4$');
  const canvas = picture(page).locator('canvas').first();
  await canvas.press('e');
  await boxes(page, 11 + 6 * 3 + 6);
  await canvas.press('c');
  await boxes(page, 3);
  await canvas.press('a');
  await boxes(page, 11);
  for (const [key, name] of [
    ['i', 'Trace inputs'],
    ['o', 'Trace outputs'],
  ]) {
    await canvas.press(key);
    await expect(panel(page).getByRole('button', { name })).toHaveAttribute('aria-pressed', 'true');
  }
  await canvas.press('Escape');
  await expect(panel(page).getByRole('button', { name: 'Trace outputs' })).toHaveAttribute(
    'aria-pressed',
    'false',
  );
  await canvas.press('x');
  await expect(panel(page).getByRole('button', { name: 'Show in the graph' })).toBeVisible();
  await canvas.press('Escape');
  await expect(panel(page)).toContainText(/By choice\s*5/);
  await canvas.press('?');
  const list = page.getByRole('dialog');
  await expect(list.getByRole('heading', { name: 'Graphs' })).toBeVisible();
  for (const name of [
    'Go from box to box',
    'Expand all beneath',
    'Trace inputs',
    'Fit to the window',
    'Zoom to it',
  ])
    await expect(list).toContainText(name);
  await page.keyboard.press('Escape');
  await canvas.press('f');
  await expect(page.getByLabel('Find nodes (regex)')).toBeFocused();
});

for (const theme of ['light', 'dark'] as const) {
  test(`every state of the graph is accessible, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    expect(await problems(page)).toEqual([]);
    await jump(page, 'blocks/2/fc/linear$');
    expect(await problems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Layers' }).click();
    await choose(page, 'Colour', 'Parameters');
    expect(await problems(page)).toEqual([]);
    await choose(page, 'Graph', 'odd · graph');
    await boxes(page, 5);
    await page.getByText('The graph has a cycle.').click();
    await page.getByLabel('Download the picture').click();
    expect(await problems(page)).toEqual([]);
  });
}

test('a graph goes, another is shown', async ({ page }) => {
  await page.getByRole('checkbox', { name: 'Show a', exact: true }).uncheck();
  await expect(page.getByLabel('Graph', { exact: true })).toContainText('b · graph');
  await boxes(page, 12);
});

test('a link shows the same again', async ({ page }) => {
  await jump(page, 'blocks/2/fc/linear$');
  await panel(page).getByRole('button', { name: 'Trace outputs' }).click();
  await jump(page, 'blocks/4$');
  await choose(page, 'Colour', 'Parameters');
  await page.getByRole('button', { name: 'Layers' }).click();
  await boxes(page, 15);
  await page.reload();
  await boxes(page, 15);
  await settled(page);
  await expect(page.getByLabel('Find nodes (regex)')).toHaveValue('blocks/4$');
  await expect(page.getByLabel('Colour', { exact: true })).toHaveValue('parameters');
  await expect(page.getByText('13 layers')).toBeVisible();
  await page.getByText('Node', { exact: true }).click();
  await expect(panel(page).getByRole('heading', { name: '4', exact: true })).toBeVisible();
  await jump(page, 'blocks/2/fc/linear$');
  await expect(panel(page).getByRole('button', { name: 'Trace outputs' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  expect(new URL(page.url()).search.length).toBeLessThan(220);
});

test('a link to a difference shows it, one to a graph that is gone the usual one', async ({ page }) => {
  await choose(page, 'Graph', 'b · graph');
  await choose(page, 'Compare with', 'a · graph');
  await page.getByText('Fold series').click();
  await expect(page).toHaveURL(/graph_fold=off/);
  await page.reload();
  await settled(page);
  await expect(page.getByLabel('Graph', { exact: true })).toContainText('b · graph');
  await expect(page.getByRole('group', { name: 'What the colours mean' })).toContainText(/added\s*12/);
  await expect(page.getByText('Fold series').locator('input')).not.toBeChecked();
  await page.goto(`${page.url().split('?')[0]}?kind=graph&graph=0,nowhere&graph_open=1-zzz&graph_node=5`);
  await boxes(page, 11);
  await expect(panel(page)).toContainText(/Nodes\s*39/);
});
