import { expect, test } from 'vitest';
import { createDeliveryForwarder } from '../../src/channels/forward-deliveries.ts';
import { deliveryKey } from '../../src/store/deliveries/document.ts';
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

test('nothing is moved once the lease of the old channel is lost', async () => {
  const deliveries = createDeliveryStore(database.db);
  const from = { channelId: 'T1:C1', accountId: 'acct_demo' };
  await deliveries.insert([deliveryOf('a', { channelId: from.channelId })]);
  expect(await setup(deliveries, async () => false)(from, 'T1:C2')).toBe(false);
  expect(await deliveries.listPending(from, 10)).toHaveLength(1);
});
