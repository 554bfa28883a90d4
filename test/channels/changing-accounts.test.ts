import { Collection } from 'mongodb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { muteKey } from '../../src/store/mutes.ts';
import { customersIn } from '../support/named-events.ts';
import { onWrite } from '../support/on-write.ts';
import { eventFor, health, setupOldAccount } from '../support/setup-old-account.ts';
import { startTestApp } from '../support/test-app.ts';

const running = setupOldAccount();

const api = (accountId: string) => running().perly.api(accountId);
const deliveries = () => running().db.collection('deliveries');
const stateOf = async (name: string) =>
  (await deliveries().findOne({ eventKey: { $regex: `evt_${name}"` } }))?.state;

async function disconnect(): Promise<void> {
  expect((await api('acct_old')('delete', `/perly/channels/${health}`)).status).toBe(204);
}

async function connectAnother(): Promise<void> {
  expect((await running().connect('#customer-health', 'acct_new')).status).toBe(200);
}

/** An alert that Slack does not accept. */
async function fail(name: string): Promise<void> {
  const armed = running().slack.failWebhook('#customer-health', { status: 400, body: 'invalid_blocks' });
  await running().perly.post(eventFor(name, 'acct_old'));
  await expect.poll(() => stateOf(name)).toBe('failed');
  armed.release();
}

/** Holds the first write of deliveries. @returns `reached` resolves when it is tried */
function holdDeliveries(): { reached: Promise<void>; release: () => void } {
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    onWrite('deliveries', 'insertMany', () => {
      resolve();
      return gate;
    });
  });
  return { reached, release };
}

/** As if the process died before ending deliveries. */
function crashBeforeEnding(): void {
  vi.spyOn(Collection.prototype, 'updateMany').mockImplementation(async () => {
    throw new Error('The process is dead.');
  });
}

/** As another process does when it starts. */
async function recover(): Promise<void> {
  await (await startTestApp({ beside: running() })).close();
}

describe('a channel that changes accounts', () => {
  test('hides failed alerts from the next account: they are not listed, counted or retried', async () => {
    await fail('Secret');
    await disconnect();
    await connectAnother();
    const path = `/perly/channels/${health}`;
    expect((await api('acct_new')('get', `${path}/failed-deliveries`)).body.deliveries).toEqual([]);
    expect((await api('acct_new')('get', path)).body.counts).toEqual({ held: 0, failed: 0 });
    const retry = { body: { ids: 'all' } };
    expect((await api('acct_new')('post', `${path}/failed-deliveries/retry`, retry)).body).toEqual({
      retried: 0,
    });
    expect(await stateOf('Secret')).toBe('dropped');
    const status = await running().perly.eventStatus('acct_old', 'evt_Secret');
    expect(await status.json()).toMatchObject({ channels: [{ channel: { id: health, name: null } }] });
  });

  test('never gets what was recorded for the previous account during the change', async () => {
    const { reached, release } = holdDeliveries();
    const posting = running().perly.post(eventFor('Late', 'acct_old'));
    await reached;
    await disconnect();
    await connectAnother();
    release();
    expect((await posting).status).toBe(202);
    await running().perly.post(eventFor('Next', 'acct_new'));
    await running().slack.waitForMessages(() => customersIn(running().slack).includes('Next'));
    await expect.poll(() => running().db.collection('leases').countDocuments()).toBe(0);
    await recover();
    expect(customersIn(running().slack)).toEqual(['Next']);
    expect(await stateOf('Late')).toBe('dropped');
  });

  test('never gets an old event that is posted again together with one of the new account', async () => {
    const { reached, release } = holdDeliveries();
    const posting = running().perly.post(eventFor('Old', 'acct_old'));
    await reached;
    await disconnect();
    await connectAnother();
    vi.restoreAllMocks();
    const events = [eventFor('Old', 'acct_old'), eventFor('New', 'acct_new')];
    expect(await (await running().perly.post({ events })).json()).toMatchObject({
      accepted: 1,
      duplicates: 1,
    });
    await running().slack.waitForMessages(() => customersIn(running().slack).includes('New'));
    expect(await stateOf('Old')).toBeUndefined();
    release();
    await posting;
    await recover();
    expect(customersIn(running().slack)).toEqual(['New']);
  });

  test('starts with the default rules, and keeps them for the same account', async () => {
    const path = `/perly/channels/${health}/rules`;
    const { body, etag } = await api('acct_old')('get', path);
    const strict = { body: { ...body, score_delta_minimum: 17 }, ifMatch: etag ?? '' };
    expect((await api('acct_old')('put', path, strict)).status).toBe(200);
    await disconnect();
    await running().connect('#customer-health', 'acct_old');
    expect((await api('acct_old')('get', path)).body).toMatchObject({ score_delta_minimum: 17 });
    await disconnect();
    await connectAnother();
    expect((await api('acct_new')('get', path)).body).toEqual(body);
  });

  test('does not inherit external acknowledgement from the previous account', async () => {
    const path = `/perly/channels/${health}/external-acknowledge`;
    expect((await api('acct_old')('put', path, { body: { allowed: true } })).status).toBe(200);
    expect((await running().perly.api('acct_old')('delete', '/perly/links/T0ACMECS001')).status).toBe(204);
    await connectAnother();
    expect((await api('acct_new')('get', `/perly/channels/${health}`)).body).toMatchObject({
      external_acknowledge: false,
    });
  });

  test('does not inherit mutes from the previous account', async () => {
    await disconnect();
    await connectAnother();
    await running().seedChannel('#billing-alerts', 'acct_old');
    const left = { channelId: health, accountId: 'acct_old' };
    await running()
      .db.collection<{ _id: string; [field: string]: unknown }>('mutes')
      .insertOne({
        _id: muteKey(left, 'cus_Same'),
        ...left,
        customerId: 'cus_Same',
        customerName: 'Same',
        until: new Date('2096-01-01'),
        mutedBy: 'U0DANA00001',
        createdAt: new Date(),
      });
    await running().perly.post({ events: [eventFor('Same', 'acct_old'), eventFor('Same', 'acct_new')] });
    await running().slack.waitForMessages(() => customersIn(running().slack).includes('Same'));
  });
});

test('whose recovery fails stops neither the recovery of others nor the start of a process', async () => {
  await running().seedChannel('#billing-alerts', 'acct_old');
  running().slack.failWebhook('*', { status: 400, body: 'invalid_blocks' });
  await running().perly.post(eventFor('Both', 'acct_old'));
  const states = async () =>
    (
      await deliveries()
        .find({}, { sort: { channelId: 1 } })
        .toArray()
    ).map(({ state }) => state);
  await expect.poll(states).toEqual(['failed', 'failed']);
  running().slack.clearFaults();
  crashBeforeEnding();
  expect((await api('acct_old')('delete', '/perly/links/T0ACMECS001')).status).toBeGreaterThanOrEqual(500);
  vi.restoreAllMocks();
  await running()
    .db.collection('channels')
    .updateMany(
      {},
      { $set: { accountId: null, formerAccounts: [{ accountId: 'acct_old', until: new Date() }] } },
    );

  const { updateMany } = Collection.prototype;
  vi.spyOn(Collection.prototype, 'updateMany').mockImplementation(async function (this: Collection, ...args) {
    const [which] = args;
    if (which !== undefined && 'channelId' in which && which.channelId === health)
      throw new Error('It cannot be ended.');
    return updateMany.apply(this, args);
  });
  await recover();
  expect(await states()).toEqual(['dropped', 'failed']);
});

describe('a process that dies before what the former account left is ended', () => {
  beforeEach(async () => {
    await fail('Secret');
    crashBeforeEnding();
    expect((await api('acct_old')('delete', `/perly/channels/${health}`)).status).toBeGreaterThanOrEqual(500);
    vi.restoreAllMocks();
    expect(await stateOf('Secret')).toBe('failed');
  });

  test('recovery ends it', async () => {
    await recover();
    expect(await stateOf('Secret')).toBe('dropped');
    const channel = await running().db.collection<{ _id: string }>('channels').findOne({ _id: health });
    expect(channel).toMatchObject({ accountId: null, formerAccounts: [] });
  });

  test('it is ended before the channel serves another account', async () => {
    await connectAnother();
    expect(await stateOf('Secret')).toBe('dropped');
  });

  test('what is posted for the same account afterwards stays', async () => {
    await running().connect('#customer-health', 'acct_old');
    await fail('Newer');
    await recover();
    expect([await stateOf('Secret'), await stateOf('Newer')]).toEqual(['dropped', 'failed']);
  });
});
