import pino from 'pino';
import { expect, test } from 'vitest';
import { createGreeter } from '../../src/delivery/greeter.ts';
import { createLeaseKeeper } from '../../src/delivery/lease-keeper.ts';
import type { LeaseStore } from '../../src/store/leases.ts';
import { createTurnedClock } from '../support/turned-clock.ts';

const logger = pino({ level: 'silent' });

/** One channel, whose senders and whose change of accounts ask for the same lease. */
function given() {
  const clock = createTurnedClock();
  const channel = {
    id: 'C1',
    accountId: 'acct_old',
    webhookUrl: '',
    connectedAt: clock.now(),
    rulesEpoch: 1,
  };
  const holders = new Map<string, string>();
  const leasesOf = (holder: string): LeaseStore => ({
    async take(id) {
      if (!holders.has(id)) holders.set(id, holder);
      return holders.get(id) === holder;
    },
    async takeAll([id = '']) {
      return new Set((await this.take(id)) ? [id] : []);
    },
    renew: async (ids) => new Set(ids),
    async giveBack([id = '']) {
      if (holders.get(id) === holder) holders.delete(id);
    },
    async endAll() {},
    listAbandoned: async () => [],
    listFree: async (ids) => [...ids],
  });
  let reads = 0;
  const keeper = createLeaseKeeper({
    leases: leasesOf('senders'),
    channels: {
      async findSendable() {
        reads += 1;
        return { ...channel };
      },
    },
    longestPostMs: 10_000,
    clock,
    logger,
  });
  const greeter = createGreeter({ leases: leasesOf('greeter'), wake() {}, clock, logger });
  return { clock, channel, keeper, greeter, reads: () => reads };
}

test.each([0, 100, 400, 850, 950, 1500])(
  'a sender that reads a channel, which changes accounts %i ms later, sends nothing by what it read',
  async (gap) => {
    const { clock, channel, keeper, greeter } = given();
    const seen = { ...channel };
    const known = { _id: 'C1', readAt: clock.monotonic(), toSendable: () => seen };
    await clock.advance(gap);
    await greeter.greet('C1', async () => {
      channel.accountId = 'acct_new';
    });
    let lease = (await keeper.takeAll([known])).get('C1');
    while (lease === undefined) {
      await clock.advance(10);
      lease = (await keeper.takeAll([known])).get('C1');
    }
    expect(await lease.refresh()).toBe(true);
    expect(lease.channel.accountId).toBe('acct_new');
  },
);

test('a lease that is taken right after its channel was read costs no second reading', async () => {
  const { clock, channel, keeper, reads } = given();
  const known = { _id: 'C1', readAt: clock.monotonic(), toSendable: () => ({ ...channel }) };
  await clock.advance(500);
  const lease = (await keeper.takeAll([known])).get('C1');
  await clock.advance(500);
  expect(await lease?.refresh()).toBe(true);
  expect(reads()).toBe(0);
});
