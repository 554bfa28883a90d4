import { defineConfig } from 'vitest/config';

const report = process.env.TEST_REPORT;

/** Thousands of channels, long properties, and processes that are killed: `npm run test:load`. */
export default defineConfig({
  test: {
    include: ['test/load/**/*.test.ts', 'packages/*/test/load/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    // Only a hang reaches these limits, however slow the machine is.
    testTimeout: 600_000,
    expect: { poll: { timeout: 120_000 } },
    hookTimeout: 120_000,
    // Each of these files keeps several processes busy.
    maxWorkers: 2,
    isolate: false,
    ...(report !== undefined && { reporters: ['default', 'json'], outputFile: { json: report } }),
  },
});
