import { beforeEach } from 'vitest';
import { eventOf } from './named-events.ts';
import { setupApp } from './setup-app.ts';
import type { TestApp } from './test-app.ts';

/** The id of #customer-health. */
export const health = 'T0ACMECS001:C0HEALTH001';

/** Starts an app whose #customer-health serves `acct_old`, before each test. */
export function setupOldAccount(): () => TestApp {
  const app = setupApp();
  beforeEach(async () => {
    await app.running.connect('#customer-health', 'acct_old');
  });
  return () => app.running;
}

export const eventFor = (name: string, accountId: string) => ({ ...eventOf(name), account_id: accountId });
