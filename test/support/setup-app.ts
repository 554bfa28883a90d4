import { afterEach, beforeEach, vi } from 'vitest';
import { shortPaceMs, startTestApp, type TestApp } from './test-app.ts';

/** One app before each test of a file, with a short pace, on a shared database. Restores mocks afterwards. */
export function setupApp(): { readonly running: TestApp } {
  let running: TestApp;
  beforeEach(async () => {
    running = await startTestApp({ shared: true, paceMs: shortPaceMs, slack: { enforceRate: false } });
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await running.close();
  });
  return {
    get running() {
      return running;
    },
  };
}
