import type { Document } from 'mongodb';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createHomeDriver } from './home-driver.ts';
import { shortPaceMs, startTestApp, type TestApp } from './test-app.ts';

/**
 * The Homes of Dana, who connected #customer-health, and of Milo. Before each test the channel is as it was when it was
 * connected, and Dana's Home is open.
 * @param change replaces fields of the channel's document
 * @param options.shared whether another process uses the database too
 */
export function setupHome(change: Document = {}, { shared = false } = {}) {
  let running: TestApp;
  let connected: Document | null;
  const channels = () => running.db.collection('channels');
  const dana = createHomeDriver(() => running, 'dana');
  const milo = createHomeDriver(() => running, 'milo');

  beforeAll(async () => {
    running = await startTestApp({ paceMs: shortPaceMs, shared, slack: { enforceRate: false } });
    await running.seedChannel('#customer-health', 'acct_demo');
    connected = await channels().findOne();
  });
  afterAll(() => running.close());
  beforeEach(async () => {
    for (const name of ['channels', 'deliveries', 'events', 'audit', 'mutes'])
      await running.db.collection(name).deleteMany({});
    for (const user of ['dana', 'milo'])
      if (running.slack.modals(user).length > 0) await running.slack.closeView(user, { all: true });
    await channels().insertOne({ ...connected, ...change });
    await dana.open('Edit rules');
  });

  return {
    get running(): TestApp {
      return running;
    },
    channels,
    dana,
    milo,
    /** What Slack refused, except updates of modals that were closed or changed before these were ready. */
    refusals: () =>
      running.slack.refusals.filter(({ error }) => !['not_found', 'hash_conflict'].includes(error)),
  };
}
