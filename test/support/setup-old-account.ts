import { afterEach, beforeEach, vi } from 'vitest';
import { eventOf } from './named-events.ts';
import { shortPaceMs, startTestApp, type TestApp } from './test-app.ts';

/** The id of #customer-health. */
export const health = 'T0ACMECS001:C0HEALTH001';

/** Starts an app whose #customer-health serves `acct_old`, before each test. */
export function setupOldAccount(): () => TestApp {
  let running: TestApp;
  beforeEach(async () => {
    running = await startTestApp({ shared: true, paceMs: shortPaceMs, slack: { enforceRate: false } });
    await running.connect('#customer-health', 'acct_old');
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await running.close();
  });
  return () => running;
}

export const eventFor = (name: string, accountId: string) => ({ ...eventOf(name), account_id: accountId });
