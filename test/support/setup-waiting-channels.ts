import { afterAll, beforeAll, beforeEach } from 'vitest';
import { openBrowser } from './browser.ts';
import { emptyDatabase } from './empty-database.ts';
import { createHomeDriver } from './home-driver.ts';
import { followToPerly, linkInHome, type PageText, returnFromPerly } from './linking.ts';
import { shortPaceMs, startTestApp, type TestApp } from './test-app.ts';

export const dana = { teamId: 'T0ACMECS001', userId: 'U0DANA00001' };

/** Before each test, Dana's #customer-health and Milo's #billing-alerts wait for an account. */
export function setupWaitingChannels() {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ shared: true, paceMs: shortPaceMs, slack: { enforceRate: false } });
  });
  beforeEach(async () => {
    await emptyDatabase(app.db);
    for (const user of ['dana', 'milo'])
      if (app.slack.modals(user).length > 0) await app.slack.closeView(user, { all: true });
    await app.seedChannel('#customer-health', undefined, dana);
    await app.seedChannel('#billing-alerts', undefined, { userId: 'U0MILO00002' });
  });
  afterAll(() => app.close());

  return {
    running: () => app,
    danasHome: createHomeDriver(() => app, 'dana'),
    milosHome: createHomeDriver(() => app, 'milo'),
    confirmations: () => app.db.collection('linkConfirmations'),
    /** Milo's #billing-alerts, then Dana's #customer-health. */
    async accounts(): Promise<unknown[]> {
      const found = await app.db
        .collection('channels')
        .find({}, { sort: { _id: 1 } })
        .toArray();
      return found.map(({ accountId }) => accountId);
    },
    /** Starts in Dana's Home, chooses an account in Perly, and comes back. */
    async askDana(accountId: string, name: string, browser = openBrowser()): Promise<PageText> {
      const state = await followToPerly(browser, await linkInHome(app, 'dana'));
      return returnFromPerly(app, browser, { state, accountId, claims: { name } });
    },
    press: (user: string, actionId: string) => app.slack.click({ user, on: 'home', actionId }),
  };
}
