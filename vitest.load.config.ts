import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { frugalGc } from './test/support/frugal-gc.ts';
import { heavyFiles } from './test/support/heavy-files.ts';
import { importBuild } from './test/support/import-build.ts';

const report = process.env.TEST_REPORT;

/** Files that are in the suite, too, with a sixteenth of the runs. */
const longProperties = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .map((path) => `test/${path}`)
  .filter((path) => path.endsWith('.test.ts') && readFileSync(path, 'utf8').includes('/property-runs.ts'));

/** Thousands of channels, long properties, and processes that are killed: `npm run test:load`. */
export default defineConfig({
  plugins: [importBuild()],
  test: {
    include: [
      'test/load/**/*.test.ts',
      'packages/*/test/load/**/*.test.ts',
      ...heavyFiles,
      ...longProperties,
    ],
    env: { LONG_PROPERTIES: 'yes' },
    globalSetup: 'test/support/global-setup.ts',
    // Only a hang reaches these limits, however slow the machine is.
    testTimeout: 600_000,
    expect: { poll: { timeout: 120_000 } },
    hookTimeout: 120_000,
    // Each of these files keeps several processes busy.
    maxWorkers: 2,
    execArgv: frugalGc,
    isolate: false,
    ...(report !== undefined && { reporters: ['default', 'json'], outputFile: { json: report } }),
  },
});
