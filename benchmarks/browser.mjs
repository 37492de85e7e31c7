// What the drivers of Chromium share: the start of it, and the way to tell what was measured.
import { createRequire } from 'node:module';

const require = createRequire(new URL('../web/package.json', import.meta.url));
const { chromium } = require('@playwright/test');

const QUIET = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

export const launch = (...flags) => chromium.launch({ executablePath: '/usr/bin/chromium', args: [...QUIET, ...flags] });

// One JSON line on standard output.
export const say = (line) => process.stdout.write(JSON.stringify(line) + '\n');
