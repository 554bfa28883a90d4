import { describe, expect, test } from 'vitest';
import { createDeliveryForwarder } from '../../src/channels/forward-deliveries.ts';
import { type DeliveryDocument, deliveryKey } from '../../src/store/deliveries/document.ts';
import { createDeliveryStore } from '../../src/store/deliveries/store.ts';
import { deliveryOf } from '../support/delivery-of.ts';
import { setupDatabase } from '../support/setup-database.ts';

const database = setupDatabase();
const now = new Date('2096-03-05T14:00:00Z');

function setup(deliveries: ReturnType<typeof createDeliveryStore>, renew = async () => true) {
  return createDeliveryForwarder({
    deliveries,
    withSendingPaused: (_id, work) => work(true, renew),
    scheduleNext() {},
    clock: { now: () => now },
  });
}

test('deliveries that wait for a far retry, or were split, start over in the new channel', async () => {
  const deliveries = createDeliveryStore(database.db);
  const nextAttemptAt = new Date('2096-03-06T00:00:00Z');
  const split = {
    maxTogether: 1,
    isPlain: true,
    isContinued: false,
    unprovenSince: null,
    isTried: true,
  };
  await deliveries.insert([
    deliveryOf('a', { channelId: 'T1:C1', attempts: 8, nextAttemptAt, split }),
    deliveryOf('b', { channelId: 'T1:C1', state: 'held', digest: 'quiet_hours', nextAttemptAt }),
  ]);
  expect(await setup(deliveries)({ channelId: 'T1:C1', accountId: 'acct_demo' }, 'T1:C2')).toBe(true);
  const moved = { channelId: 'T1:C2', accountId: 'acct_demo' };
  expect(await deliveries.listPending(moved, 10)).toMatchObject([
    { attempts: 0, nextAttemptAt: now, split: null },
  ]);
  expect(await deliveries.listHeld(moved, 10)).toMatchObject([{ nextAttemptAt }]);
});

test('what is moved away and back is not lost', async () => {
  const deliveries = createDeliveryStore(database.db);
  const [there, elsewhere] = ['T1:C1', 'T1:C2'].map((channelId) => ({ channelId, accountId: 'acct_demo' }));
  if (there === undefined || elsewhere === undefined) throw new Error('There are two.');
  const eventKey = JSON.stringify(['acct_demo', 'a']);
  await deliveries.insert([deliveryOf(deliveryKey(eventKey, there.channelId), { eventKey })]);
  await setup(deliveries)(there, elsewhere.channelId);
  await setup(deliveries)(elsewhere, there.channelId);
  expect(await deliveries.listPending(there, 10)).toMatchObject([{ eventKey, state: 'pending' }]);
  expect(await deliveries.listPending(elsewhere, 10)).toEqual([]);
});

test('what the new channel dropped when it was disconnected is moved there, and nothing else comes back', async () => {
  const deliveries = createDeliveryStore(database.db);
  const [from, to] = ['T1:C1', 'T1:C2'].map((channelId) => ({ channelId, accountId: 'acct_demo' }));
  if (from === undefined || to === undefined) throw new Error('There are two.');
  const recorded = (name: string, { channelId, accountId }: typeof from, rest: Partial<DeliveryDocument>) => {
    const eventKey = JSON.stringify([accountId, name]);
    return deliveryOf(deliveryKey(eventKey, channelId), { eventKey, channelId, accountId, ...rest });
  };
  const dropped = { state: 'dropped', lastError: 'disconnected', finishedAt: now } as const;
  const sent = { state: 'sent', finishedAt: now } as const;
  const stays = [
    recorded('posted here', to, sent),
    recorded('posted there', to, dropped),
    recorded('here only', to, dropped),
    recorded('held', { ...to, accountId: 'acct_other' }, dropped),
  ];
  await deliveries.insert([
    recorded('pending', from, {}),
    recorded('held', from, { state: 'held', digest: 'broken' }),
    recorded('failed', from, { state: 'failed', lastError: 'http_500', finishedAt: now }),
    recorded('posted here', from, {}),
    recorded('posted there', from, sent),
    ...['pending', 'held', 'failed'].map((name) => recorded(name, to, dropped)),
    ...stays,
  ]);
  expect(await setup(deliveries)(from, to.channelId)).toBe(true);
  for (const state of ['pending', 'held', 'failed'])
    expect(await deliveries.listByIds([recorded(state, to, {})._id])).toMatchObject([{ state, ...to }]);
  for (const kept of stays) expect(await deliveries.listByIds([kept._id])).toEqual([kept]);
});

test('nothing is moved once the lease of the old channel is lost', async () => {
  const deliveries = createDeliveryStore(database.db);
  const from = { channelId: 'T1:C1', accountId: 'acct_demo' };
  await deliveries.insert([deliveryOf('a', { channelId: from.channelId })]);
  expect(await setup(deliveries, async () => false)(from, 'T1:C2')).toBe(false);
  expect(await deliveries.listPending(from, 10)).toHaveLength(1);
});

describe('what failed', () => {
  const from = { channelId: 'T1:C1', accountId: 'acct_demo' };
  const to = { ...from, channelId: 'T1:C2' };
  const eventKey = JSON.stringify(['acct_demo', 'a']);
  const [oldId, newId] = [from, to].map(({ channelId }) => deliveryKey(eventKey, channelId));
  if (oldId === undefined || newId === undefined) throw new Error('There are two.');
  const failed = deliveryOf(oldId, {
    eventKey,
    state: 'failed',
    attempts: 11,
    lastError: 'http_500',
    finishedAt: now,
  });

  test('can be retried in the new channel, but a failed reminder is dropped', async () => {
    const deliveries = createDeliveryStore(database.db);
    const reminder = deliveryOf('reminder', { ...failed, _id: 'reminder', reminder: { of: 'b', openMs: 1 } });
    await deliveries.insert([failed, reminder]);
    expect(await setup(deliveries)(from, to.channelId)).toBe(true);
    expect(await deliveries.listFailedPage(to, undefined, 10)).toMatchObject([
      { _id: newId, state: 'failed', attempts: 11, lastError: 'http_500', finishedAt: now },
    ]);
    expect(await deliveries.listByIds([oldId, 'reminder'])).toMatchObject([
      { state: 'dropped', lastError: 'moved' },
      { state: 'dropped', lastError: 'moved' },
    ]);
    expect(await deliveries.replay(to, now)).toEqual({ alerts: 1, reminders: 0 });
    expect(await deliveries.listPending(to, 10)).toMatchObject([{ attempts: 0, nextAttemptAt: now }]);
  });

  test.each(['listFailedPage', 'listPending', 'listHeld', 'insert'] as const)(
    'and is retried there while it moves is not lost (after %s)',
    async (method) => {
      const real = createDeliveryStore(database.db);
      await real.insert([failed]);
      let isRetried = false;
      const retrying = {
        ...real,
        async [method](...args: never[]) {
          const result = await (real[method] as (...args: never[]) => Promise<unknown>)(...args);
          if (!isRetried) await real.replay(from, now);
          isRetried = true;
          return result;
        },
      };
      await setup(retrying)(from, to.channelId);
      await real.endTenancy(from, now, now);
      const [moved] = await real.listByIds([newId]);
      expect(['pending', 'failed']).toContain(moved?.state);
    },
  );

  test('and was sent in the new channel before a crash is not sent there again', async () => {
    const deliveries = createDeliveryStore(database.db);
    await deliveries.insert([failed]);
    const dying = { ...deliveries, dismiss: () => Promise.reject(new Error('died')) };
    await expect(setup(dying)(from, to.channelId)).rejects.toThrow('died');
    await deliveries.replay(to, now);
    await deliveries.send([newId], now);
    expect(await setup(deliveries)(from, to.channelId)).toBe(true);
    expect(await deliveries.listByIds([oldId, newId])).toMatchObject([
      { _id: oldId, state: 'dropped' },
      { _id: newId, state: 'sent' },
    ]);
  });
});
