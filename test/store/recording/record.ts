import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedMongo } from '../../../packages/embedded-mongo/src/embedded-mongo.ts';
import { supportedFeatures } from '../../../packages/embedded-mongo/test/support/supported-list.ts';

/**
 * Runs the app's tests, the demo and Agenda, and writes the features of MongoDB that their commands used to
 * `features.txt`. Arguments go to vitest, in place of all tests; then, and when a run fails, what was recorded is added
 * to the file and nothing is removed. Fails when one of the runs does, or when the embedded database does not support
 * a feature.
 */
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const filters = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), 'recording-'));
const file = join(folder, 'features.txt');
await writeFile(file, '');

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

const recorded = linesOf(await readFile(file, 'utf8'));
await rm(folder, { recursive: true });
const stored = linesOf(await readFile(here('features.txt'), 'utf8'));
// A feature that a failed or partial run did not use may still be in use.
const isComplete = filters.length === 0 && failed.length === 0;
const features = [...(isComplete ? recorded : new Set([...recorded, ...stored]))].sort();
await writeFile(here('features.txt'), `${features.join('\n')}\n`);

const supported = supportedFeatures();
const unsupported = [...recorded].filter((feature) => !supported.has(feature));
for (const run of failed) process.stdout.write(`failed: ${run}\n`);
for (const feature of recorded) if (!stored.has(feature)) process.stdout.write(`new: ${feature}\n`);
for (const feature of stored)
  if (!recorded.has(feature)) process.stdout.write(`${isComplete ? 'gone' : 'kept'}: ${feature}\n`);
for (const feature of unsupported) process.stdout.write(`not supported: ${feature}\n`);
process.stdout.write(
  `${recorded.size} features recorded, ${unsupported.length} not supported, ${features.length} stored\n`,
);
process.exitCode = failed.length + unsupported.length > 0 ? 1 : 0;

function linesOf(text: string): Set<string> {
  return new Set(text.split('\n').filter(Boolean));
}

function isSuccessful([command = '', ...args]: string[]): Promise<boolean> {
  const env = {
    ...process.env,
    RECORDED_FEATURES: file,
    NODE_OPTIONS: `--import=${here('record-commands.mjs')}`,
    ...(command === 'tsx' && { MONGODB_URI: store.uri }),
  };
  const child = spawn('npx', [command, ...args], { env, stdio: 'inherit' });
  return new Promise((resolve) => child.once('exit', (code) => resolve(code === 0)));
}
