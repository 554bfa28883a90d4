import { defineConfig } from 'vitest/config';
import { frugalGc } from './test/support/frugal-gc.ts';
import { heavyFiles } from './test/support/heavy-files.ts';
import { importBuild } from './test/support/import-build.ts';
import { SlowestFirst } from './test/support/slowest-first.ts';

const report = process.env.TEST_REPORT;

export default defineConfig({
  plugins: [importBuild()],
  test: {
    include: ['test/**/*.test.ts', 'packages/*/test/**/*.test.ts'],
    exclude: ['test/load/**', 'packages/*/test/load/**', ...heavyFiles],
    globalSetup: 'test/support/global-setup.ts',
    // Only a hang reaches these limits, however slow the machine is.
    testTimeout: 600_000,
    expect: { poll: { timeout: 120_000 } },
    hookTimeout: 240_000,
    // More than there are cores: much of the time is spent waiting for a second to pass or a disk to sync.
    maxWorkers: 4,
    execArgv: frugalGc,
    // One process runs file after file, and reads what they share only once.
    isolate: false,
    sequence: { sequencer: SlowestFirst },
    ...(report !== undefined && { reporters: ['default', 'json'], outputFile: { json: report } }),
  },
});
