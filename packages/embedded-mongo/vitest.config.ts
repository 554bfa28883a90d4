import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/load/**'],
    globalSetup: 'test/support/global-setup.ts',
    // Only a hang reaches these limits, however slow the machine is.
    testTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    hookTimeout: 120_000,
    isolate: false,
  },
});
