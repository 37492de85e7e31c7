// Starts the real server over a folder of its own for each test, and writes runs into it.
import { expect, test as base, type Locator } from '@playwright/test';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const ROOT = resolve(__dirname, '../..');
export const PYTHON = process.env['RUNLENS_PYTHON'] ?? join(ROOT, '.venv/bin/python');

/** When the first point of each run is logged, in seconds since 1970. */
const EPOCH = 1_700_000_000;

/** The line chart of a card, once its curves are drawn: before that there is no step to point at. */
export const plotOf = (card: Locator): Locator => card.locator('[role=application][aria-busy=false]');

export interface Server {
  logdir: string;
  /** Starts serving; answers with the address of the page. */
  start(...options: string[]): Promise<string>;
  stop(): Promise<void>;
  /** Logs steps `first` to `stop - 1` of each run. */
  write(first: number, stop: number, ...runs: string[]): void;
  /** The same an hour later, as a restarted job does. */
  restart(first: number, stop: number, ...runs: string[]): void;
  /** Logs `main/loss` beside each run with tensorboardX, in the parts train and valid. */
  writeParts(...runs: string[]): void;
}

export const test = base.extend<{ server: Server }>({
  // An error that nobody caught is a failure, even if the page shows what it should.
  page: async ({ page }, use) => {
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await use(page);
    expect(errors).toEqual([]);
  },
  // eslint-disable-next-line no-empty-pattern
  server: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'runlens-'));
    const logdir = join(folder, 'logs');
    let child: ChildProcess | null = null;
    const stop = async (): Promise<void> => {
      const running = child;
      child = null;
      if (!running || running.exitCode !== null) return;
      await new Promise((done) => {
        running.once('exit', done);
        running.kill('SIGINT');
        setTimeout(() => running.kill('SIGKILL'), 3000).unref();
      });
    };
    await use({
      logdir,
      stop,
      start: (...options) => {
        // Notes of the person who runs the tests are left alone.
        const env = { ...process.env, XDG_CONFIG_HOME: join(folder, 'settings') };
        const command = ['-m', 'runlens', '--logdir', logdir, '--port', '0', '--no_cache', ...options];
        child = spawn(PYTHON, command, { env });
        return address(child);
      },
      write: (first, last, ...runs) => log(logdir, EPOCH, first, last, runs),
      restart: (first, last, ...runs) => log(logdir, EPOCH + 3600, first, last, runs),
      writeParts: (...runs) => {
        execFileSync(PYTHON, [join(__dirname, 'write_parts.py'), logdir, ...runs]);
      },
    });
    await stop();
    rmSync(folder, { recursive: true, force: true });
  },
});

function log(logdir: string, epoch: number, first: number, last: number, runs: string[]): void {
  const script = join(__dirname, 'write_runs.py');
  execFileSync(PYTHON, [script, logdir, String(epoch), String(first), String(last), ...runs]);
}

function address(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let said = '';
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      const match = / at (http:\/\/\S+)/.exec(said);
      if (match) found(match[1]);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('exit', (code) => failed(new Error(`server: exited with ${code}, having said: ${said}`)));
  });
}

/** How many pixels of a card's chart have (nearly) this colour, given as '#rrggbb'. */
export function pixelsOf(card: Locator, colour: string): Promise<number> {
  return card
    .locator('canvas')
    .first()
    .evaluate((canvas: HTMLCanvasElement, hex) => {
      const wanted = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      let count = 0;
      for (let i = 0; i < data.length; i += 4) {
        const near = wanted.every((part, k) => Math.abs(part - data[i + k]) <= 24);
        if (near && data[i + 3] > 100) count++;
      }
      return count;
    }, colour);
}

/** The colour that the list shows for a run, as '#rrggbb'. */
export function colourOf(row: Locator): Promise<string> {
  return row.evaluate((element) => {
    const text = getComputedStyle(element).getPropertyValue('--run').trim();
    return text;
  });
}
