import { defineConfig } from 'vitest/config';

const report = process.env.TEST_REPORT;

/** The tests in a real browser: `npm run test:browser`. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.browser.ts'],
    globalSetup: ['test/support/global-setup.ts', 'test/browser/support/global-setup.ts'],
    // Only a hang reaches these limits, however slow the machine is.
    testTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    hookTimeout: 120_000,
    // The browser itself takes the rest of a small machine.
    maxWorkers: 2,
    isolate: false,
    ...(report !== undefined && { reporters: ['default', 'json'], outputFile: { json: report } }),
  },
});
