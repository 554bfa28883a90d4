import { join, relative, resolve, sep } from 'node:path';
import type { Plugin } from 'vite';

const root = resolve();

/** They evaluate modules anew, which Node does not do with what is built. */
const importersOfSource = ['test/domain/time-zones.test.ts'];

/** They find the page and its sources by where they are themselves. */
const unbuilt = ['sandbox/ui/', 'sandbox/demo/'];

/**
 * Tests import the app, its packages and the sandbox as they are built by `global-setup.ts`, which sets the folder. Node
 * loads that faster than vitest transforms each file.
 */
export function importBuild(): Plugin & { api: { folder: string | undefined } } {
  const api: { folder: string | undefined } = { folder: undefined };
  return {
    name: 'import-build',
    enforce: 'pre',
    api,
    resolveId(source, importer) {
      if (api.folder === undefined || importer === undefined || !source.startsWith('.')) return undefined;
      const from = relative(root, importer).split(sep).join('/');
      if (isBuilt(from) || importersOfSource.includes(from)) return undefined;
      const file = relative(root, resolve(importer, '..', source))
        .split(sep)
        .join('/');
      if (!isBuilt(file) || !file.endsWith('.ts')) return undefined;
      return { id: join(api.folder, file.replace(/\.ts$/, '.js')), external: true };
    },
  };
}

function isBuilt(file: string): boolean {
  if (unbuilt.some((folder) => file.startsWith(folder))) return false;
  return /^(src|sandbox|packages\/[^/]+\/src)\//.test(file);
}
