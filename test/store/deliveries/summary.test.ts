import { expect, test } from 'vitest';
import type { DeliveryDocument } from '../../../src/store/deliveries/document.ts';
import { endReasons } from '../../../src/store/deliveries/states.ts';
import { createDeliveryStore } from '../../../src/store/deliveries/store.ts';
import { maxCount } from '../../../src/store/deliveries/summary.ts';
import { deliveryOf } from '../../support/delivery-of.ts';
import { setupDatabase } from '../../support/setup-database.ts';

const database = setupDatabase();

const at = (minutes: number) => new Date(Date.UTC(2096, 2, 2) + minutes * 60_000);

let last = 0;

function delivery(channelId: string, rest: Partial<DeliveryDocument>): DeliveryDocument {
  last += 1;
  return deliveryOf(`delivery ${last}`, { channelId, ...rest });
}

const reminder = { of: 'delivery 1', openMs: 3_600_000 };

const nothing = {
  isWaiting: false,
  lastSentAt: null,
  held: 0,
  nextDigestAt: null,
  failed: 0,
  lastFailedAt: null,
  expired: 0,
};

test('several channels are summarised with one query, and counts are bounded', async () => {
  const store = createDeliveryStore(database.db);
  const many = Array.from({ length: maxCount + 20 }, (_, index) =>
    delivery('T1:full', { state: 'held', nextAttemptAt: at(90 - index / 60) }),
  );
  await store.insert([
    ...many,
    delivery('T1:some', { state: 'sent', finishedAt: at(3), expiresAt: at(9) }),
    delivery('T1:some', { state: 'sent', finishedAt: at(5), expiresAt: at(9) }),
    delivery('T1:some', { state: 'held', nextAttemptAt: at(60) }),
    delivery('T1:some', { state: 'failed', finishedAt: at(4), expiresAt: at(9) }),
    delivery('T1:some', { state: 'failed', finishedAt: at(4), expiresAt: at(9) }),
    ...endReasons
      .filter((reason) => reason.startsWith('event'))
      .map((lastError) =>
        delivery('T1:some', { state: 'failed', lastError, finishedAt: at(6), expiresAt: at(9) }),
      ),
    delivery('T1:expired', {
      state: 'failed',
      lastError: 'event_expired',
      finishedAt: at(6),
      expiresAt: at(9),
    }),
    delivery('T1:some', { state: 'pending' }),
    delivery('T1:some', { state: 'held', nextAttemptAt: at(50), reminder }),
    delivery('T1:some', { state: 'failed', finishedAt: at(6), expiresAt: at(9), reminder }),
    delivery('T1:none', { accountId: 'acct_other', state: 'pending' }),
    ...(['sent', 'held', 'failed'] as const).map((state) =>
      delivery('T1:some', { accountId: 'acct_other', state, finishedAt: at(8), expiresAt: at(9) }),
    ),
    delivery('T1:waiting', { state: 'failed', finishedAt: at(4), expiresAt: at(9) }),
    delivery('T1:other', { state: 'sent', finishedAt: at(7), expiresAt: at(9) }),
  ]);
  const found = await store.summarise(
    ['some', 'full', 'none', 'waiting', 'expired'].map((name) => ({
      _id: `T1:${name}`,
      accountId: name === 'waiting' ? null : 'acct_demo',
    })),
  );
  expect(Object.fromEntries(found)).toEqual({
    'T1:some': {
      isWaiting: true,
      lastSentAt: at(5),
      held: 1,
      nextDigestAt: at(60),
      failed: 2,
      lastFailedAt: at(4),
      expired: 2,
    },
    'T1:full': {
      isWaiting: false,
      lastSentAt: null,
      held: maxCount,
      nextDigestAt: at(90 - (maxCount + 19) / 60),
      failed: 0,
      lastFailedAt: null,
      expired: 0,
    },
    'T1:expired': { ...nothing, expired: 1 },
    'T1:waiting': nothing,
    'T1:none': nothing,
  });
  expect(await store.summarise([])).toEqual(new Map());
});
