import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

const report = process.env.TEST_REPORT;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    testTimeout: 30_000,
    // How long a condition may take to come about; a slow machine is no fault.
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 30_000,
    // More than there are cores: much of the time is spent waiting for a second to pass or a disk to sync.
    maxWorkers: 5,
    // One process runs file after file, and reads what they share only once.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    ...(report !== undefined && { reporters: ['default', 'json'], outputFile: { json: report } }),
  },
});
