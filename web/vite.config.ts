// How the page is built: relative URLs throughout, so that any path prefix works, and no inline script (CSP).
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const server = process.env['RUNLENS_SERVER'] ?? 'http://127.0.0.1:6006';

export default defineConfig({
  base: './',
  plugins: [svelte()],
  build: {
    outDir: '../src/runlens/static',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': { target: server, changeOrigin: true } } },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
