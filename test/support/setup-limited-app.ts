import { afterAll, beforeAll, vi } from 'vitest';
import { startTestApp, type TestApp } from './test-app.ts';

/** One app behind a proxy for the tests of a file. The minute of its rate limits does not end, however long they take. */
export function setupLimitedApp(env: Record<string, string> = {}): { readonly running: TestApp } {
  let running: TestApp;
  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    running = await startTestApp({ env: { TRUST_PROXY: '1', ...env } });
  });
  afterAll(async () => {
    await running.close();
    vi.useRealTimers();
  });
  return {
    get running() {
      return running;
    },
  };
}
