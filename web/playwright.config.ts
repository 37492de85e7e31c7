// Browser tests: the real server, real logs, and Debian's Chromium.
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '../tests/browser',
  outputDir: './test-results',
  // Each test starts a server of its own; more at once would measure the machine rather than the page.
  workers: 1,
  // Bounds for a broken page, not measures of a sound one: a busy machine is no fault.
  timeout: 60_000,
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env['CI']),
  use: {
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--use-angle=swiftshader',
        '--enable-unsafe-swiftshader',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
