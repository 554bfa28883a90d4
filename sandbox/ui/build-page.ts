import { execFile } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { builtPage } from './start-ui.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const sources = ['page', 'snapshot.ts', 'vite.config.ts', '../slack', '../../package-lock.json'].map(here);
const vite = here('../../node_modules/vite/bin/vite.js');

/** Unless the build is newer than all of its sources. */
export async function buildPage(): Promise<void> {
  const built = newest(`${builtPage}index.html`);
  if (built !== 0 && built >= Math.max(...sources.map(newest))) return;
  // In its own process, since Vite and React depend on NODE_ENV, which differs in tests.
  await promisify(execFile)(process.execPath, [vite, 'build', '--config', here('vite.config.ts')], {
    // Vite needs the shell's variables; React's development build would be slower.
    env: { ...process.env, NODE_ENV: 'production' },
  });
}

/** Of a file, or anything in a folder: milliseconds since 1970; 0 if it does not exist. */
function newest(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(`${path}/${name}`)));
}
