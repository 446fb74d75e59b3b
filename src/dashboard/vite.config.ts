/** `npm run build:dashboard`: one page and its hashed assets, which `http/dashboard.ts` serves. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));

export default defineConfig({
  root,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: fileURLToPath(new URL('../../dist/dashboard/', import.meta.url)),
    emptyOutDir: true,
    assetsDir: 'assets',
    target: 'es2022',
    // The content security policy allows no `data:` fonts, and no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
