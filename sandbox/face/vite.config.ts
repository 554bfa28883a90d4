import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** The page of the local Slack: built ahead, with nothing from outside. */
export default defineConfig({
  root: fileURLToPath(new URL('page/', import.meta.url)),
  build: { outDir: fileURLToPath(new URL('dist/', import.meta.url)), emptyOutDir: true, target: 'es2023' },
});
