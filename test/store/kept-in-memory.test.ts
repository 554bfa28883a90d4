import fc from 'fast-check';
import { Collection, MongoBulkWriteError, MongoClient, MongoNetworkError } from 'mongodb';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createStores } from '../../src/app/create-stores.ts';
import { defaultRules } from '../../src/domain/rules.ts';
import { AppError } from '../../src/lib/errors.ts';
import type { Channel } from '../../src/store/channels/document.ts';
import { type DeliveryDocument, deliveryKey } from '../../src/store/deliveries/document.ts';
import { eventKey } from '../../src/store/events.ts';
import { type Mute, muteKey } from '../../src/store/mutes.ts';
import { watchWrites } from '../../src/store/watch-writes.ts';
import { connectionOf } from '../support/connection-of.ts';
import { deliveryOf, sentAlone } from '../support/delivery-of.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { setupDatabase } from '../support/setup-database.ts';

const database = setupDatabase();
afterEach(() => vi.restoreAllMocks());

const secrets = [Buffer.alloc(32, 1)];
const now = new Date('2096-03-02T14:00:00Z');
const later = new Date(now.getTime() + 3_600_000);
const accounts = ['acct_a', 'acct_b'] as const;
const slackChannels = ['C1', 'C2'] as const;
const person = { kind: 'user', teamId: 'T1', userId: 'U1' } as const;

/** The channel, account and delivery that a write is about. */
type Pick = {
  slackChannel: (typeof slackChannels)[number];
  account: (typeof accounts)[number];
  delivery: number;
};

function openStores() {
  const { db, writes } = watchWrites(database.db);
  const kept = createStores(db, secrets, () => {}, writes);
  const stored = createStores(database.db, secrets, () => {});

  const idOf = ({ slackChannel }: Pick) => `T1:${slackChannel}`;
  const tenancyOf = (pick: Pick) => ({ channelId: idOf(pick), accountId: pick.account });
  const keyOf = (pick: Pick) => deliveryKey(eventKey(pick.account, `evt_${pick.delivery}`), idOf(pick));
  const find = async (pick: Pick): Promise<Channel> => {
    const found = await stored.channels.find(idOf(pick));
    if (found === undefined) throw new AppError('gone', 'There is no such channel.');
    return found;
  };
  const readOf = async (pick: Pick) => {
    const { _id: id, accountId, connectedAt } = await find(pick);
    return { id, accountId, connectedAt };
  };
  const connectionFor = ({ slackChannel, account }: Pick) =>
    connectionOf({ slackChannelId: slackChannel, accountId: account });
  const muteOf = (pick: Pick): Mute => ({
    ...tenancyOf(pick),
    customerId: 'cus_1',
    customerName: 'Acme',
    until: later,
    mutedBy: 'U1',
    createdAt: now,
  });
  const newDelivery = (pick: Pick, state: 'pending' | 'held', rest: Partial<DeliveryDocument> = {}) =>
    deliveryOf(keyOf(pick), {
      ...tenancyOf(pick),
      eventKey: eventKey(pick.account, `evt_${pick.delivery}`),
      state,
      digest: state === 'held' ? 'quiet_hours' : null,
      sequence: pick.delivery,
      nextAttemptAt: pick.delivery % 2 === 0 ? now : later,
      ...rest,
    });
  const insertOf = (pick: Pick, state: 'pending' | 'held', rest: Partial<DeliveryDocument> = {}) =>
    kept.deliveries.insert([newDelivery(pick, state, rest)]);

  const channelWrites = {
    connect: (pick: Pick) => kept.channels.connect(connectionFor(pick), new Date(), { actor: person }),
    connectWaiting: (pick: Pick) =>
      kept.channels.connect({ ...connectionFor(pick), accountId: null }, new Date()),
    pause: async (pick: Pick) => {
      const channel = await find(pick);
      await kept.channels.changeSettings(channel, channel.version, { pausedUntil: 'until_resumed' });
    },
    changeRules: async (pick: Pick) => {
      const channel = await find(pick);
      const rules = { ...defaultRules, scoreDeltaMinimum: pick.delivery };
      await kept.channels.changeSettings(channel, channel.version, { rules });
    },
    disconnect: async (pick: Pick) => kept.channels.disconnect(await find(pick), { now, expiresAt: later }),
    markForReevaluation: (pick: Pick) => kept.channels.markForReevaluation(idOf(pick)),
    markExternalSeen: (pick: Pick) => kept.channels.markExternalSeen(idOf(pick), now, now),
    link: (pick: Pick) => kept.channelAccounts.link(idOf(pick), pick.account, now, person),
    unlink: ({ account }: Pick) => kept.channelAccounts.unlink('T1', account, now, person),
    markUninstalled: (pick: Pick) =>
      kept.channelAccounts.markUninstalled(idOf(pick), new Date(), later, {
        action: 'disconnected',
        actor: person,
        at: now,
      }),
    removeOfTeam: () => kept.channelAccounts.removeOfTeam('T1', new Date()),
    removeOfAccount: ({ account }: Pick) => kept.channelAccounts.removeOfAccount(account, new Date()),
    markBroken: async (pick: Pick) =>
      kept.channelHealth.markBroken(await readOf(pick), { reason: 'no_service', retryAt: null }, now),
    restore: async (pick: Pick) =>
      kept.channelHealth.restore(await readOf(pick), { action: 'restored', actor: null, at: now }),
    setTrouble: async (pick: Pick) => {
      const { id, connectedAt } = await readOf(pick);
      const trouble = { since: now, reason: 'http_500', waitsUntil: null, waits: 0 };
      await kept.channelHealth.setTrouble(id, connectedAt, trouble);
    },
    move: async (pick: Pick) => {
      const from = await find(pick);
      const to = slackChannels.find((each) => each !== pick.slackChannel) ?? 'C1';
      await kept.moves.begin({ ...connectionFor(pick), slackChannelId: to }, from, new Date());
    },
    finishMove: (pick: Pick) => kept.moves.finish(idOf(pick), 'T1:C1'),
    publish: (pick: Pick) => kept.outbox.markPublished(idOf(pick), ['1']),
    directly: () => db.collection('channels').updateMany({}, { $set: { accountId: 'acct_b' } }),
    mute: (pick: Pick) => kept.mutes.save(muteOf(pick)),
    endMute: async (pick: Pick) => {
      const channel = await find(pick);
      const change = { id: '1', action: 'customer_unmuted', actor: person, at: now, channel } as const;
      const published = { ...change, channelId: idOf(pick), teamId: 'T1' };
      await kept.mutes.end(muteKey(tenancyOf(pick), 'cus_1'), published, later);
    },
    endMutes: (pick: Pick) => kept.mutes.endTenancy(tenancyOf(pick), now),
    removeMutesOfAccount: ({ account }: Pick) => kept.mutes.removeOfAccount(account, now),
    removeMutesOfChannel: (pick: Pick) => kept.mutes.removeOfChannel(idOf(pick), now),
    removeAllMutes: (pick: Pick) => kept.mutes.removeAllOfChannel(idOf(pick)),
  };
  const deliveryWrites = {
    insertPending: (pick: Pick) => insertOf(pick, 'pending'),
    insertReminder: (pick: Pick) =>
      insertOf(pick, 'pending', { reminder: { of: keyOf(pick), openMs: 3_600_000 } }),
    insertHeld: (pick: Pick) => insertOf(pick, 'held'),
    insertWithEvent: (pick: Pick) =>
      kept.events.insertWithDeliveries(
        [],
        [newDelivery(pick, 'pending'), newDelivery({ ...pick, delivery: 3 - pick.delivery }, 'held')],
      ),
    send: (pick: Pick) => kept.deliveries.send([keyOf(pick)], now),
    sendHeld: (pick: Pick) => kept.deliveries.sendHeld([keyOf(pick)], now),
    fail: (pick: Pick) => kept.deliveries.fail([keyOf(pick)], now, 'x'),
    postpone: (pick: Pick) => kept.deliveries.postpone([keyOf(pick)], now, later, 'x'),
    refuse: (pick: Pick) => kept.deliveries.refuse([keyOf(pick)], sentAlone, now, 'x'),
    setSplit: (pick: Pick) => kept.deliveries.setSplit([keyOf(pick)], sentAlone),
    delayUntil: (pick: Pick) => kept.deliveries.delayUntil([keyOf(pick)], later),
    retryNow: (pick: Pick) => kept.deliveries.retryNow(tenancyOf(pick), now),
    hold: (pick: Pick) => kept.deliveries.hold(tenancyOf(pick), now),
    holdUntil: (pick: Pick) => kept.deliveries.holdUntil([keyOf(pick)], later, 2, now),
    requeueHeld: (pick: Pick) => kept.deliveries.requeueHeld([keyOf(pick)], now),
    keep: (pick: Pick) => kept.deliveries.keep([keyOf(pick)], 7),
    drop: (pick: Pick) => kept.deliveries.drop([keyOf(pick)], 'x', now),
    replay: (pick: Pick) => kept.deliveries.replay(tenancyOf(pick), now),
    endTenancy: (pick: Pick) => kept.deliveries.endTenancy(tenancyOf(pick), later, now),
    removeOfChannel: (pick: Pick) => kept.deliveries.removeOfChannel(idOf(pick), later),
    removeOfAccount: ({ account }: Pick) => kept.deliveries.removeOfAccount(account, later),
    directly: () => db.collection('deliveries').updateMany({}, { $set: { sequence: 1 } }),
  };
  return { kept, stored, writes: { ...channelWrites, ...deliveryWrites } };
}

type Stores = ReturnType<typeof createStores>;

const byId = (a: { _id: string }, b: { _id: string }) => (a._id < b._id ? -1 : 1);

/** Everything that alerts depend on. */
async function readAll({ channels, deliveries }: Stores) {
  const ids = slackChannels.map((each) => `T1:${each}`);
  const tenancies = ids.flatMap((channelId) => accounts.map((accountId) => ({ channelId, accountId })));
  const { channels: serving, mutes } = await channels.listForDecisions({
    accountIds: accounts,
    customerIds: ['cus_1', 'cus_2'],
    similarKeys: [],
    now,
  });
  return {
    serving: serving.toSorted(byId).map((channel) => ({ ...channel, toSendable: channel.toSendable() })),
    sendable: await Promise.all(ids.map((id) => channels.findSendable(id))),
    mutes: mutes.toSorted((a, b) =>
      `${a.channelId}${a.accountId}` < `${b.channelId}${b.accountId}` ? -1 : 1,
    ),
    waiting: await Promise.all(
      tenancies.map(async (tenancy) => {
        const { pending, held } = await deliveries.listWaiting(tenancy, now, { pending: 21, held: 50 });
        return { pending: pending.toSorted(byId), held: held.toSorted(byId) };
      }),
    ),
    due: await Promise.all(
      tenancies.flatMap((tenancy) => [
        deliveries.findDue(tenancy, now),
        deliveries.findDue(tenancy, now, later),
      ]),
    ),
  };
}

describe('what a process that is alone keeps in memory', () => {
  test('is what the database has after any writes, also those at once', async () => {
    const { writes } = openStores();
    const write = fc.record({
      name: fc.constantFrom(...(Object.keys(writes) as (keyof typeof writes)[])),
      pick: fc.record({
        slackChannel: fc.constantFrom(...slackChannels),
        account: fc.constantFrom(...accounts),
        delivery: fc.nat(3),
      }),
    });
    // Most writes have no effect until the channel is connected.
    const connect = {
      name: 'connect',
      pick: { slackChannel: 'C1', account: 'acct_a', delivery: 0 },
    } as const;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(write, { minLength: 1, maxLength: 3 }), { maxLength: 12 }),
        fc.boolean(),
        async (rounds, loadsFirst) => {
          for (const name of ['channels', 'mutes', 'deliveries'])
            await database.db.collection(name).deleteMany({});
          const { kept, stored, writes: all } = openStores();
          if (loadsFirst) await kept.load();
          for (const together of [[connect], ...rounds]) {
            const ended = await Promise.allSettled([
              ...together.map(async ({ name, pick }) => all[name](pick)),
              readAll(kept),
            ]);
            for (const end of ended)
              if (end.status === 'rejected' && !(end.reason instanceof AppError)) throw end.reason;
            expect(await readAll(kept)).toEqual(await readAll(stored));
          }
        },
      ),
      { numRuns: propertyRuns(80) },
    );
  });

  test('is read again while a write that failed without an answer may still be done', async () => {
    const { kept, stored, writes } = openStores();
    const pick = { slackChannel: 'C1', account: 'acct_a', delivery: 0 } as const;
    await writes.connect(pick);
    await writes.insertPending(pick);
    await kept.load();
    await readAll(kept);
    vi.spyOn(Collection.prototype, 'updateMany').mockRejectedValue(new MongoNetworkError('no answer'));
    vi.spyOn(Collection.prototype, 'updateOne').mockRejectedValue(new MongoNetworkError('no answer'));
    await expect(writes.send(pick)).rejects.toThrow('no answer');
    await expect(writes.markForReevaluation(pick)).rejects.toThrow('no answer');
    vi.restoreAllMocks();
    await readAll(kept);
    await stored.deliveries.fail([deliveryKey(eventKey('acct_a', 'evt_0'), 'T1:C1')], now, 'late');
    await stored.channels.markForReevaluation('T1:C1');
    expect(await readAll(kept)).toEqual(await readAll(stored));
  });

  test.each([
    ['an insert', 'insertPending'],
    ['one together with events', 'insertWithEvent'],
  ] as const)('is read again while %s that failed without an answer may still be done', async (_, name) => {
    const { kept, stored, writes } = openStores();
    const pick = { slackChannel: 'C1', account: 'acct_a', delivery: 0 } as const;
    await writes.connect(pick);
    await writes.insertPending({ ...pick, delivery: 1 });
    await kept.load();
    const result = await database.db
      .collection('events')
      .bulkWrite([{ insertOne: { document: { accountId: 'acct_b' } } }]);
    const lost = new MongoNetworkError('no answer');
    vi.spyOn(Collection.prototype, 'insertMany').mockRejectedValue(new MongoBulkWriteError(lost, result));
    vi.spyOn(MongoClient.prototype, 'bulkWrite').mockRejectedValue(lost);
    await expect(writes[name](pick)).rejects.toThrow('no answer');
    vi.restoreAllMocks();
    await readAll(kept);
    const key = deliveryKey(eventKey('acct_a', 'evt_1'), 'T1:C1');
    await stored.deliveries.fail([key], now, 'late');
    expect(await readAll(kept)).toEqual(await readAll(stored));
  });

  test('needs no command once it is loaded', async () => {
    const { kept, writes } = openStores();
    const pick = { slackChannel: 'C1', account: 'acct_a', delivery: 0 } as const;
    await writes.connect(pick);
    await writes.mute(pick);
    await kept.load();
    await writes.insertPending(pick);
    const find = vi.spyOn(Collection.prototype, 'find');
    const aggregate = vi.spyOn(Collection.prototype, 'aggregate');
    const tenancy = { channelId: 'T1:C1', accountId: 'acct_a' };
    const { channels, mutes } = await kept.channels.listForDecisions({
      accountIds: ['acct_a'],
      customerIds: ['cus_1'],
      similarKeys: [],
      now,
    });
    expect([channels.length, mutes.length]).toEqual([1, 1]);
    expect(await kept.channels.findSendable('T1:C1')).toMatchObject({ accountId: 'acct_a' });
    const { pending, held } = await kept.deliveries.listWaiting(tenancy, now, { pending: 21, held: 50 });
    expect([pending.length, held.length]).toEqual([1, 0]);
    expect(await kept.deliveries.findDue(tenancy, now)).toEqual({ own: now });
    expect([find.mock.calls, aggregate.mock.calls]).toEqual([[], []]);
  });
});
