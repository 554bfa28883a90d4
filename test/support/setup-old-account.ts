import { beforeEach } from 'vitest';
import { eventOf } from './named-events.ts';
import { setupApp } from './setup-app.ts';
import type { TestApp } from './test-app.ts';

export const health = 'T0ACMECS001:C0HEALTH001';

/** Before each test, #customer-health serves `acct_old`. */
export function setupOldAccount(): () => TestApp {
  const app = setupApp();
  beforeEach(async () => {
    await app.running.seedChannel('#customer-health', 'acct_old');
  });
  return () => app.running;
}

export const eventFor = (name: string, accountId: string) => ({ ...eventOf(name), account_id: accountId });
