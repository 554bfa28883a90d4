import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { emptyDatabase } from './empty-database.ts';
import { shortPaceMs, startTestApp, type TestApp } from './test-app.ts';

/**
 * One app for the tests of a file, with a short pace, on a shared database. Before each test the database is empty, and
 * so are the channels in Slack. Restores mocks and clears faults afterwards.
 */
export function setupApp(): { readonly running: TestApp } {
  let running: TestApp;
  beforeAll(async () => {
    running = await startTestApp({ shared: true, paceMs: shortPaceMs, slack: { enforceRate: false } });
  });
  beforeEach(async () => {
    await emptyDatabase(running.db);
    for (const message of running.slack.messages()) running.slack.model.deleteMessage(message);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    running.slack.clearFaults();
  });
  afterAll(() => running.close());
  return {
    get running() {
      return running;
    },
  };
}
