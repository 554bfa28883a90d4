import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedMongo } from '../../../packages/embedded-mongo/src/embedded-mongo.ts';
import { supportedFeatures } from '../../../packages/embedded-mongo/test/support/supported-list.ts';

/**
 * Runs the app's tests, the demo and Agenda, and writes the features of MongoDB that their commands used to
 * `features.txt`. Arguments go to vitest, in place of all tests. Fails when one of the runs does, or when the embedded
 * database does not support a feature.
 */
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const filters = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), 'recording-'));
const recorded = join(folder, 'features.txt');
await writeFile(recorded, '');

const runs = [
  [
    'vitest',
    'run',
    '--reporter=dot',
    '--maxWorkers=2',
    ...(filters.length > 0 ? filters : ['--exclude=packages/**']),
  ],
  ['tsx', 'sandbox/demo.ts', '--once'],
  ['tsx', here('use-agenda.ts')],
];
const store = await startEmbeddedMongo({ dataDir: join(folder, 'data') });
const failed: string[] = [];
for (const run of runs) if (!(await isSuccessful(run))) failed.push(run.join(' '));
await store.close();

const known = supportedFeatures();
const features = [...new Set((await readFile(recorded, 'utf8')).split('\n').filter(Boolean))].sort();
await rm(folder, { recursive: true });
const missing = features.filter((feature) => !known.has(feature));
if (filters.length === 0 && failed.length === 0)
  await writeFile(here('features.txt'), `${features.join('\n')}\n`);
for (const run of failed) process.stdout.write(`failed: ${run}\n`);
for (const feature of missing) process.stdout.write(`not supported: ${feature}\n`);
process.stdout.write(`${features.length} features recorded, ${missing.length} not supported\n`);
process.exitCode = failed.length + missing.length > 0 ? 1 : 0;

function isSuccessful([command = '', ...args]: string[]): Promise<boolean> {
  const env = {
    ...process.env,
    RECORDED_FEATURES: recorded,
    NODE_OPTIONS: `--import=${here('record-commands.mjs')}`,
    ...(command === 'tsx' && { MONGODB_URI: store.uri }),
  };
  const child = spawn('npx', [command, ...args], { env, stdio: 'inherit' });
  return new Promise((resolve) => child.once('exit', (code) => resolve(code === 0)));
}
