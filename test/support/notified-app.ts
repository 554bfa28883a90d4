import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';
import { emptyDatabase } from './empty-database.ts';
import { type PerlyListener, startPerlyListener } from './perly-listener.ts';
import { shortPaceMs, startTestApp, type TestApp } from './test-app.ts';
import { countUnpublished } from './when-recorded.ts';

/** Notifies Perly of changes of channels; the database is empty before each test. */
export function setupNotifiedApp() {
  let perly: PerlyListener | undefined;
  let app: TestApp | undefined;
  beforeAll(async () => {
    perly = await startPerlyListener();
    app = await startTestApp({ shared: true, paceMs: shortPaceMs, env: { PERLY_NOTIFY_URL: perly.url } });
  });
  beforeEach(async () => {
    await emptyDatabase(running().db);
    running().slack.clearFaults();
  });
  afterEach(() => vi.restoreAllMocks());
  afterAll(async () => {
    await app?.close();
    perly?.close();
  });

  function running(): TestApp {
    if (app === undefined) throw new Error('The app runs from the first test on.');
    return app;
  }
  const outbox = () =>
    running()
      .db.collection('outgoingWebhooks')
      .countDocuments({ channelId: { $exists: true } });
  const unpublished = () => countUnpublished(running().db);

  return {
    get running() {
      return running();
    },
    connect: () => running().connect('#customer-health', 'acct_demo'),
    seedChannel: () => running().seedChannel('#customer-health', 'acct_demo'),
    /** The webhooks that Perly received: type, channel, account and actor. */
    receivedWebhooks: (): string[] =>
      (perly?.received ?? []).map(
        ({ type, data }) =>
          `${type.replace('channel.', '')} ${data.channel.name} ${data.account_id} ${data.by}`,
      ),
    listAudit: (): Promise<object[]> =>
      running()
        .db.collection('audit')
        .find({}, { sort: { at: 1 } })
        .toArray(),
    outbox,
    /** Channels, mutes and owners with unpublished changes. */
    unpublished,

    /** Runs the steps, and clears the webhooks and audit entries that they caused. */
    async arrange(...steps: (() => Promise<unknown>)[]): Promise<void> {
      for (const step of steps) await step();
      await expect.poll(async () => (await outbox()) + (await unpublished())).toBe(0);
      await running().db.collection('audit').deleteMany({});
      if (perly !== undefined) perly.received.length = 0;
    },

    /** Starts two processes whose recoveries run at the same time, waits until both are idle, and stops them. */
    async restart(): Promise<void> {
      vi.restoreAllMocks();
      const env = { PERLY_NOTIFY_URL: perly?.url ?? '' };
      const beside = { beside: running(), env };
      const next = await Promise.all([startTestApp(beside), startTestApp(beside)]);
      await expect.poll(outbox).toBe(0);
      await Promise.all(next.map((each) => each.close()));
    },
  };
}

/** Runs a change that may fail. */
export async function ignoreErrors(change: () => Promise<unknown>): Promise<void> {
  await change().catch(() => {});
}

export const health = 'T0ACMECS001:C0HEALTH001';
export const dana = { kind: 'user', teamId: 'T0ACMECS001', userId: 'U0DANA00001' } as const;

/** An entry of the audit trail. */
export function byDana(action: string, more: object = {}): object {
  return { action, actor: dana, accountId: 'acct_demo', teamId: 'T0ACMECS001', ...more };
}
