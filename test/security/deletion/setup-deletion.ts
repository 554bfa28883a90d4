import type { Document } from 'mongodb';
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';
import type { AdjustableClock } from '../../../sandbox/adjustable-clock.ts';
import { dayMs } from '../../../src/lib/time.ts';
import { linkKey } from '../../../src/store/links.ts';
import { createUsedTokenStore } from '../../../src/store/used-tokens.ts';
import { emptyDatabase } from '../../support/empty-database.ts';
import { eventOf } from '../../support/named-events.ts';
import { type PerlyListener, startPerlyListener } from '../../support/perly-listener.ts';
import { createStepClock } from '../../support/step-clock.ts';
import { shortPaceMs, startTestApp, type TestApp } from '../../support/test-app.ts';

export const team = 'T0ACMECS001';
export const dana = { kind: 'user', teamId: team, userId: 'U0DANA00001' } as const;
export const health = `${team}:C0HEALTH001`;
export const escalations = `${team}:C0ESCALATE1`;

type Contents = (readonly [collection: string, documents: Document[]])[];

/** An app on an adjustable clock, whose database is as `populate` left it before each test, and searches in it. */
export function setupDeletion() {
  const steps = createStepClock();
  let perly: PerlyListener;
  let running: TestApp;
  let populated: Contents | undefined;
  beforeAll(async () => {
    perly = await startPerlyListener();
    running = await startTestApp({
      shared: true,
      paceMs: shortPaceMs,
      clock: steps.clock,
      scheduler: steps.scheduler,
      env: { PERLY_NOTIFY_URL: perly.url },
    });
    running.slack.addTeam({ id: 'T0GLOBEX001', name: 'Globex', domain: 'globex' });
  });
  beforeEach(async () => {
    // Not in `beforeAll`, where nothing can be polled.
    populated ??= await populateAndRead();
    await steps.idle();
    steps.clock.reset();
    for (const installation of running.slack.installations) installation.active = true;
    await emptyDatabase(running.db);
    // The process still knows which leases it holds.
    for (const [name, documents] of populated)
      if (documents.length > 0 && name !== 'leases') await running.db.collection(name).insertMany(documents);
  });
  afterEach(() => vi.restoreAllMocks());
  afterAll(async () => {
    await running.close();
    await perly.close();
  });

  const count = (collection: string, filter = {}) => running.db.collection(collection).countDocuments(filter);

  /** Lists the documents of every collection, new ones included, so that it finds what deletion forgets. */
  async function listDocuments(): Promise<string[]> {
    const collections = await running.db.collections();
    const all = await Promise.all(
      collections.map(async (each) =>
        (await each.find().toArray()).map((document) => `${each.collectionName} ${JSON.stringify(document)}`),
      ),
    );
    return all.flat();
  }

  async function findTraces(...texts: string[]): Promise<string[]> {
    return (await listDocuments()).filter((document) => texts.some((text) => document.includes(text)));
  }

  /** Fills every collection: two accounts, a moved channel, rules, mutes, alerts in every state, views. */
  async function populate(): Promise<void> {
    const { settings } = running.app;
    const globex = await running.perly.installUrl('acct_demo');
    await running.slack.install(globex, { channel: '#billing-alerts', team: 'Globex' });
    await running.seedChannel('#customer-health', 'acct_demo');
    await running.seedChannel('#cs-escalations', 'acct_demo');
    await running.seedChannel('#revenue-signals', 'acct_second');
    await running.seedChannel('#billing-alerts');
    await settings.setManagers(health, ['U0DANA00001', 'U0MILO00002'], dana);
    await settings.mute(
      { channelId: escalations, accountId: 'acct_demo' },
      { id: 'cus_noise', name: 'Noise' },
      new Date('2096-01-01'),
      dana,
    );
    await settings.mute(
      { channelId: escalations, accountId: 'acct_demo' },
      { id: 'cus_loud', name: 'Loud' },
      new Date('2096-01-01'),
      dana,
    );
    await settings.unmute({ channelId: escalations, accountId: 'acct_demo' }, 'cus_loud', dana);
    await settings.disconnect(`${team}:C0BILLING01`, dana);
    await running.slack.openHome('dana');
    // A link that was cut short.
    const link = linkKey(team, 'acct_demo');
    await createUsedTokenStore(running.db).begin('link', 'request', new Date('2096-01-01'), link);
    const owned = eventOf('Sent');
    await running.perly.post({
      ...owned,
      customer: { ...owned.customer, owner: { id: 'own_olive', name: 'Olive Owner' } },
    });
    const put = await running.perly.api('acct_demo')('put', `/perly/links/${team}/owners/own_olive`, {
      body: { slack_user: 'U0MILO00002' },
    });
    expect(put.status).toBe(200);
    await expect.poll(() => count('owners')).toBe(1);
    await running.perly.post({ ...eventOf('Second'), account_id: 'acct_second' });
    await expect.poll(() => count('deliveries', { state: 'sent' })).toBe(4);
    running.slack.failWebhook('*', { status: 503 });
    await running.perly.post(eventOf('Waiting'));
    await expect.poll(() => count('deliveries', { attempts: { $gt: 0 } })).toBe(3);
    running.slack.clearFaults();
  }

  async function populateAndRead(): Promise<Contents> {
    await populate();
    const collections = await running.db.collections();
    return Promise.all(
      collections.map(async (each) => [each.collectionName, await each.find().toArray()] as const),
    );
  }

  async function uninstall(): Promise<void> {
    await running.slack.uninstall(team);
    await expect.poll(() => count('installations', { _id: team })).toBe(0);
  }

  const findNextPurge = async (): Promise<number> => {
    const [next] = await running.db.collection('removals').find().sort({ purgeAt: 1 }).limit(1).toArray();
    return next?.purgeAt.getTime() ?? Number.POSITIVE_INFINITY;
  };

  /** Stops at each instant at which a removal is due, until it is done. */
  async function advanceDays(days: number): Promise<void> {
    const end = steps.clock.now().getTime() + days * dayMs;
    for (let at = await findNextPurge(); at <= end; at = await findNextPurge())
      await steps.advance(at - steps.clock.now().getTime());
    await steps.advance(end - steps.clock.now().getTime());
  }

  /** The ids of the workspace, its channels, its people, its bot. */
  const idsOfWorkspace = () => [
    team,
    'Acme CS',
    'U0DANA00001',
    'U0MILO00002',
    'C0HEALTH001',
    'C0ESCALATE1',
    'C0REVENUE01',
    '#customer-health',
    ...running.slack.installations
      .filter(({ teamId }) => teamId === team)
      .flatMap((each) => [each.botId, each.botUserId]),
  ];

  return {
    get running(): TestApp {
      return running;
    },
    get clock(): AdjustableClock {
      return steps.clock;
    },
    advance: (ms: number) => steps.advance(ms),
    count,
    listDocuments,
    findTraces,
    uninstall,
    advanceDays,
    idsOfWorkspace,
  };
}
