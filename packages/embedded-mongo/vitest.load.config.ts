import { defineConfig } from 'vitest/config';

/** Long properties, and processes that are killed. */
export default defineConfig({
  test: {
    include: ['test/load/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    testTimeout: 600_000,
    expect: { poll: { timeout: 120_000 } },
    hookTimeout: 120_000,
    isolate: false,
  },
});
