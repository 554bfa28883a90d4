import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { builtPage } from './start-face.ts';

/** What the page is made of. */
const sources = ['page', 'snapshot.ts', 'vite.config.ts', '../slack', '../../package-lock.json'];

/** Builds the page, unless what was built is newer than everything that it is made of. */
export async function buildPage(): Promise<void> {
  const built = newest(`${builtPage}index.html`);
  const changed = Math.max(...sources.map((path) => newest(fileURLToPath(new URL(path, import.meta.url)))));
  if (built !== 0 && built >= changed) return;
  await build({ configFile: fileURLToPath(new URL('vite.config.ts', import.meta.url)), logLevel: 'warn' });
}

/** When a file, or anything in a folder, was last changed: milliseconds since 1970; 0 where there is nothing. */
function newest(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(`${path}/${name}`)));
}
