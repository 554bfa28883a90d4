import { afterEach, beforeEach, vi } from 'vitest';
import { shortPaceMs, startTestApp, type TestApp } from './test-app.ts';

/**
 * Starts an app of short pace before each test of a file, on a database that others may use too. Afterwards it is
 * stopped, and what was mocked is restored.
 */
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
