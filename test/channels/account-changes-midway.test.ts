import { expect, test, vi } from 'vitest';
import { holdLease } from '../support/hold-lease.ts';
import { customersIn } from '../support/named-events.ts';
import { onWrite } from '../support/on-write.ts';
import { eventFor, health, setupOldAccount } from '../support/setup-old-account.ts';

const team = 'T0ACMECS001';
const dana = { kind: 'user', teamId: team, userId: 'U0DANA00001' } as const;

const running = setupOldAccount();

const api = (accountId: string) => running().perly.api(accountId);
const channels = () => running().db.collection<{ _id: string }>('channels');
const testAlert = () => api('acct_old')('post', `/perly/channels/${health}/test-alert`);

const change = () => channels().updateOne({ _id: health }, { $set: { accountId: 'acct_new' } });

test('a delayed test alert is not posted to the channel of the next account', async () => {
  const release = await holdLease(running().db, health);
  const before = running().slack.messages().length;
  const asked = testAlert();
  await change();
  await release();
  expect((await asked).body.result).not.toBe('sent');
  expect(running().slack.messages().length).toBe(before);
});

test.each([
  { answer: 'ok', status: 'broken', given: 'broken' },
  { answer: 'no_service', status: 'active', given: 'active' },
])(
  "the answer to one account's test alert, $answer, changes nothing for the next",
  async ({ answer, status, given }) => {
    await channels().updateOne({ _id: health }, { $set: { status: given } });
    if (answer !== 'ok') running().slack.failWebhook('#customer-health', { status: 404, body: answer });
    const hasRun = onWrite('channels', 'findOneAndUpdate', change);
    await testAlert();
    expect(hasRun()).toBe(true);
    expect(await channels().findOne({ _id: health })).toMatchObject({ accountId: 'acct_new', status });
    expect(await running().db.collection('audit').countDocuments({ accountId: 'acct_new' })).toBe(0);
  },
);

test('an event that is posted again after its channel was reconnected is not sent twice', async () => {
  await running().perly.post(eventFor('Once', 'acct_old'));
  await running().slack.waitForMessages(() => customersIn(running().slack).includes('Once'));
  await running().slack.uninstall(team);
  await expect.poll(() => running().db.collection('installations').countDocuments()).toBe(0);
  await expect.poll(() => running().db.collection('deliveries').countDocuments()).toBe(0);
  await running().seedChannel('#customer-health', 'acct_old');
  const again = await running().perly.post(eventFor('Once', 'acct_old'));
  expect(await again.json()).toMatchObject({ accepted: 0, duplicates: 1 });
  expect(await running().db.collection('deliveries').countDocuments()).toBe(0);
});

test('a repeat completes an event whose process died before its deliveries, whatever the clocks say', async () => {
  const cut = onWrite('deliveries', 'insertMany', async () => {
    throw new Error('The process is dead.');
  });
  expect((await running().perly.post(eventFor('Half', 'acct_old'))).status).toBeGreaterThanOrEqual(500);
  expect(cut()).toBe(true);
  vi.restoreAllMocks();
  await running()
    .db.collection('events')
    .updateMany({}, { $set: { receivedAt: new Date(Date.now() - 60 * 60_000) } });
  await running().perly.post(eventFor('Half', 'acct_old'));
  await running().slack.waitForMessages(() => customersIn(running().slack).includes('Half'));
});

test('one account cannot mute customers for the next, nor end the mutes of the next', async () => {
  const seen = { channelId: health, accountId: 'acct_old' };
  const { settings } = running().app;
  await change();
  const until = new Date('2096-01-01');
  const next = { ...seen, accountId: 'acct_new' };
  expect(await settings.mute(seen, { id: 'cus_a', name: 'Acme' }, until, dana)).toEqual({ kind: 'gone' });
  expect(await settings.mute(next, { id: 'cus_b', name: 'Bolt' }, until, dana)).toMatchObject({
    kind: 'saved',
  });
  expect(await settings.unmute(seen, 'cus_b', dana)).toEqual({ kind: 'gone' });
  const mutes = await running().db.collection('mutes').find().toArray();
  expect(mutes.map(({ customerId }) => customerId)).toEqual(['cus_b']);
});
