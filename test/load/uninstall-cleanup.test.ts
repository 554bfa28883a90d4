import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { dayMs } from '../../src/lib/time.ts';
import { emptyDatabase } from '../support/empty-database.ts';
import { failAfterWrites } from '../support/fail-database.ts';
import { eventOf } from '../support/named-events.ts';
import { shortPaceMs, startTestApp, type TestApp } from '../support/test-app.ts';

let running: TestApp;
beforeAll(async () => {
  running = await startTestApp({ shared: true, paceMs: shortPaceMs });
  running.slack.addTeam({ id: 'T0GLOBEX001', name: 'Globex', domain: 'globex' });
});
beforeEach(async () => {
  running.slack.clearFaults();
  await emptyDatabase(running.db);
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => running.close());

const health = 'T0ACMECS001:C0HEALTH001';
const dana = { kind: 'user', teamId: 'T0ACMECS001', userId: 'U0DANA00001' } as const;

const count = (collection: string, filter = {}) => running.db.collection(collection).countDocuments(filter);
const installation = () => running.db.collection('installations').findOne();

/** A channel with rules, a mute, sent alerts and a waiting one; and another workspace. */
async function setup(): Promise<void> {
  await running.seedChannel('#customer-health', 'acct_other', { teamId: 'T0GLOBEX001' });
  await running.seedChannel('#customer-health', 'acct_demo');
  const channel = await running.app.settings.pause(health, new Date('2046-01-01'), dana);
  if (channel.kind !== 'saved') throw new Error(channel.kind);
  await running.app.settings.resume(health, dana);
  const { rules } = channel.channel;
  await running.app.settings.changeRules(health, 3, { ...rules, riskThreshold: 'high' }, dana);
  await running.app.settings.mute(
    { channelId: health, accountId: 'acct_demo' },
    { id: 'cus_noise', name: 'Noise' },
    new Date('2046-01-01'),
    dana,
  );
  await running.slack.openHome('milo');
  // The two people who installed the app, and Milo, who is stored last.
  await expect.poll(() => count('insiders')).toBe(3);
  expect(await count('homeViewers')).toBe(1);
  const sent = count.bind(undefined, 'deliveries', { state: 'sent' });
  await running.perly.post({ ...eventOf('One'), risk_level: 'high' });
  await expect.poll(sent).toBe(1);
  // A failure would be retried, and so write while the test counts writes.
  running.slack.failWebhook('#customer-health', { status: 429, retryAfter: 600 });
  await running.perly.post({ ...eventOf('Two'), risk_level: 'high' });
  // When a test starts to count writes, none is under way.
  await expect.poll(() => running.slack.webhookCalls.at(-1)?.status).toBe(429);
  await expect.poll(() => count('leases')).toBe(0);
}

async function expectGone(): Promise<void> {
  const ofTeam = { teamId: 'T0ACMECS001' };
  await expect.poll(() => count('installations', ofTeam)).toBe(0);
  expect(await count('deliveries')).toBe(0);
  expect(await count('mutes')).toBe(0);
  expect(await count('links', ofTeam)).toBe(0);
  expect(await count('homeViewers')).toBe(0);
  expect(await count('insiders', ofTeam)).toBe(0);
  const [channel, ...others] = await running.db.collection('channels').find(ofTeam).toArray();
  expect(others).toEqual([]);
  expect(channel).toMatchObject({
    status: 'disconnected',
    rules: { riskThreshold: 'high' },
    name: 'C0HEALTH001',
    teamName: null,
    accountId: null,
    connectedBy: '',
    managers: [],
  });
  expect(channel).not.toHaveProperty('webhookUrl');
  expect(Math.abs(channel?.expiresAt - (Date.now() + 13 * dayMs))).toBeLessThan(dayMs);
  // The other workspace is unchanged.
  expect(await count('installations')).toBe(1);
  expect(await count('channels', { teamId: 'T0GLOBEX001', status: 'active' })).toBe(1);
  expect(await count('links')).toBe(1);
}

describe('a workspace that removes the app', () => {
  test.each([
    [['app_uninstalled', 'tokens_revoked']],
    [['tokens_revoked', 'app_uninstalled']],
    [['app_uninstalled']],
    [['tokens_revoked', 'tokens_revoked', 'app_uninstalled', 'app_uninstalled']],
  ] as const)('leaves only its rules, for a while, after %j', async (order) => {
    await setup();
    const answers = await running.slack.uninstall('T0ACMECS001', order);
    running.slack.clearFaults();
    expect(answers.map(({ status }) => status)).toEqual(order.map(() => 200));
    await expectGone();
  });

  test('finds its rules when it comes back, and late events about the old installation change nothing', async () => {
    await setup();
    const seconds = Math.floor(Date.now() / 1000) - 60;
    await running.slack.uninstall();
    running.slack.clearFaults();
    await expectGone();
    await running.connect('#customer-health', 'acct_demo');
    const botUser = (await installation())?.bot.userId;
    for (const event of [
      { type: 'tokens_revoked', tokens: { bot: [botUser], oauth: [] } },
      { type: 'app_uninstalled' },
    ])
      await running.slack.sendEvent(event, { envelope: { event_time: seconds } });
    await running.perly.post({ ...eventOf('Back'), risk_level: 'high' });
    await expect.poll(() => count('deliveries', { state: 'sent' })).toBe(1);
    expect(await running.db.collection('channels').findOne({ _id: health as never })).toMatchObject({
      status: 'active',
      accountId: 'acct_demo',
      name: '#customer-health',
      rules: { riskThreshold: 'high' },
      managers: ['U0DANA00001'],
    });
    expect(await count('installations', { teamId: 'T0ACMECS001' })).toBe(1);
  });

  test("a person's token, or an unknown workspace, changes nothing", async () => {
    await running.connect('#customer-health', 'acct_demo');
    await running.slack.sendEvent({ type: 'tokens_revoked', tokens: { oauth: ['U0DANA00001'] } });
    await running.slack.sendEvent(
      { type: 'app_uninstalled' },
      { envelope: { team_id: 'T0NOBODY001', authorizations: [] } },
    );
    await running.slack.sendEvent({ type: 'app_uninstalled' }, { envelope: { team_id: null } });
    await running.perly.post(eventOf('One'));
    await expect.poll(() => count('deliveries', { state: 'sent' })).toBe(1);
    expect(await count('installations')).toBe(1);
  });

  /** The writes of an undisturbed clean-up, in order. */
  async function listWrites(): Promise<string[]> {
    await setup();
    const tried = failAfterWrites(Number.POSITIVE_INFINITY);
    await running.slack.uninstall();
    running.slack.clearFaults();
    await expectGone();
    vi.restoreAllMocks();
    return tried();
  }

  test('is completely deleted by the next process, whichever write the first one died at', async () => {
    const writes = await listWrites();
    expect(writes.length).toBeGreaterThan(8);
    const starts = writes.indexOf('installations.updateOne');
    // Only the first write of each kind: repeating a channel's clean-up tests nothing more.
    for (const survived of writes.keys()) {
      const isNew = writes.indexOf(writes[survived] ?? '') === survived;
      if (survived <= starts || !isNew) continue;
      await emptyDatabase(running.db);
      await setup();
      const tried = failAfterWrites(survived);
      await running.slack.uninstall();
      // Fewer writes may be enough, since publishing Home at the same time sometimes makes one of them.
      const isCutOrDone = async () =>
        tried().length > survived || (await count('installations', { teamId: 'T0ACMECS001' })) === 0;
      await expect.poll(isCutOrDone).toBe(true);
      vi.restoreAllMocks();
      const next = await startTestApp({ beside: running });
      running.slack.clearFaults();
      await expectGone();
      expect(await count('audit', { action: 'disconnected', teamId: 'T0ACMECS001' })).toBe(1);
      await next.close();
    }
  });
});

describe('one channel that is disconnected', () => {
  test('leaves its rules for a while, and the rest of the workspace untouched', async () => {
    await setup();
    await running.connect('#billing-alerts', 'acct_demo');
    await running.app.settings.disconnect(health, dana);
    running.slack.clearFaults();
    const left = await running.db.collection('channels').findOne({ _id: health as never });
    expect(left).toMatchObject({
      status: 'disconnected',
      accountId: null,
      rules: { riskThreshold: 'high' },
    });
    expect(left).not.toHaveProperty('webhookUrl');
    expect(await count('mutes')).toBe(0);
    expect(await count('deliveries', { state: { $in: ['pending', 'held'] } })).toBe(0);
    expect(await count('installations')).toBe(2);
    expect(await count('channels', { status: 'active' })).toBe(2);
  });
});
