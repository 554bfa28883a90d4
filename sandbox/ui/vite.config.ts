import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** The page of the local Slack: built ahead, with nothing from outside. */
export default defineConfig({
  root: fileURLToPath(new URL('page/', import.meta.url)),
  build: {
    outDir: fileURLToPath(new URL('dist/', import.meta.url)),
    // The same names every time, and nothing is deleted: two builds at once, or a page that is open, do no harm.
    emptyOutDir: false,
    rolldownOptions: { output: { entryFileNames: 'page.js', assetFileNames: 'page[extname]' } },
    target: 'es2023',
  },
});
