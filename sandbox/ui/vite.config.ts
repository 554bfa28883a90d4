import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** Built without external resources. */
export default defineConfig({
  root: fileURLToPath(new URL('page/', import.meta.url)),
  build: {
    outDir: fileURLToPath(new URL('dist/', import.meta.url)),
    // Constant names, and nothing is deleted: concurrent builds and open pages are harmless.
    emptyOutDir: false,
    rolldownOptions: { output: { entryFileNames: 'page.js', assetFileNames: 'page[extname]' } },
    target: 'es2023',
  },
});
