import pino from 'pino';
import { expect, test } from 'vitest';
import { createLeaseManager } from '../../src/delivery/lease-manager.ts';
import { createSendingLock } from '../../src/delivery/sending-lock.ts';
import type { LeaseStore } from '../../src/store/leases.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const logger = pino({ level: 'silent' });

/** One channel; its senders and a change of its account compete for the same lease. */
function setup() {
  const clock = createFakeClock();
  const channel = {
    id: 'C1',
    accountId: 'acct_old',
    webhookUrl: '',
    connectedAt: clock.now(),
    rulesEpoch: 1,
  };
  const holders = new Map<string, string>();
  const leasesOf = (holder: string): LeaseStore => ({
    async acquire(id) {
      if (!holders.has(id)) holders.set(id, holder);
      return holders.get(id) === holder;
    },
    async acquireAll([id = '']) {
      return new Set((await this.acquire(id)) ? [id] : []);
    },
    renew: async (ids) => new Set(ids),
    async release([id = '']) {
      if (holders.get(id) === holder) holders.delete(id);
      return false;
    },
    async offer() {},
    listAbandoned: async () => [],
    listFree: async (ids) => [...ids],
  });
  let reads = 0;
  const leaseManager = createLeaseManager({
    leases: leasesOf('senders'),
    channels: {
      async findSendable() {
        reads += 1;
        return { ...channel };
      },
    },
    maxPostMs: 10_000,
    clock,
    logger,
  });
  const sendingLock = createSendingLock({
    leases: leasesOf('sending lock'),
    invalidate: leaseManager.invalidate,
    wake() {},
    clock,
    logger,
  });
  return { clock, channel, leaseManager, sendingLock, reads: () => reads };
}

test.each([0, 100, 400, 850, 950, 1500])(
  'a sender that read a channel, which changes accounts %i ms later, sends nothing by what it read',
  async (gap) => {
    const { clock, channel, leaseManager, sendingLock } = setup();
    const seen = { ...channel };
    const known = { _id: 'C1', readAt: clock.monotonic(), toSendable: () => seen };
    await clock.advance(gap);
    await sendingLock.withSendingPaused('C1', async () => {
      channel.accountId = 'acct_new';
    });
    let lease = (await leaseManager.acquireAll([known])).get('C1');
    while (lease === undefined) {
      await clock.advance(10);
      lease = (await leaseManager.acquireAll([known])).get('C1');
    }
    expect(await lease.refresh()).toBe(true);
    expect(lease.channel.accountId).toBe('acct_new');
  },
);

test('a sender that is busy until the channel changes accounts sends nothing by what it read before', async () => {
  const { clock, channel, leaseManager, sendingLock } = setup();
  const lease = await leaseManager.acquire('C1');
  const changing = sendingLock.withSendingPaused('C1', async (acquired) => {
    channel.accountId = 'acct_new';
    return acquired;
  });
  for (let waited = 0; waited < 5000 && channel.accountId === 'acct_old'; waited += 100) {
    await clock.advance(100);
    await lease?.refresh();
  }
  expect(await changing).toBe(false);
  expect(await lease?.refresh()).toBe(true);
  expect(lease?.channel.accountId).toBe('acct_new');
});

test('a lease that is acquired right after its channel was read costs no second read', async () => {
  const { clock, channel, leaseManager, reads } = setup();
  const known = { _id: 'C1', readAt: clock.monotonic(), toSendable: () => ({ ...channel }) };
  await clock.advance(500);
  const lease = (await leaseManager.acquireAll([known])).get('C1');
  await clock.advance(500);
  expect(await lease?.refresh()).toBe(true);
  expect(reads()).toBe(0);
});
