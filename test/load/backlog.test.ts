import { type CommandStartedEvent, type CommandSucceededEvent, MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type EmbeddedDatabase,
  openEmbeddedDatabase,
} from '../../packages/embedded-mongo/test/support/open-embedded-database.ts';
import { createDeliveryStore, type DeliveryStore } from '../../src/store/deliveries/store.ts';
import { ensureIndexes } from '../../src/store/indexes.ts';
import { deliveryOf } from '../support/delivery-of.ts';
import { emptyDatabase } from '../support/empty-database.ts';

const tenancy = { channelId: 'T1:C1', accountId: 'acct_demo' };
const at = (minute: number) => new Date(Date.UTC(2096, 2, 3, 9, minute));

let embedded: EmbeddedDatabase;
let client: MongoClient;
let store: DeliveryStore;
let finds: Record<string, unknown>[];
/** Number of documents that each update matched. */
let updated: number[];
beforeAll(async () => {
  embedded = await openEmbeddedDatabase();
  client = await new MongoClient(embedded.store.uri, { monitorCommands: true }).connect();
  client.on('commandStarted', ({ commandName, command }: CommandStartedEvent) => {
    if (commandName === 'find') finds.push(command);
    if (commandName === 'update') finds.push({ find: command.update, filter: command.updates[0].q });
  });
  client.on('commandSucceeded', ({ commandName, reply }: CommandSucceededEvent) => {
    if (commandName === 'update') updated.push(Number((reply as { n: number }).n));
  });
  const db = client.db(embedded.db.databaseName);
  await ensureIndexes(db);
  store = createDeliveryStore(db);
});
beforeEach(async () => {
  await emptyDatabase(embedded.db);
  finds = [];
  updated = [];
});
afterAll(async () => {
  await client.close();
  await embedded.close();
});

/** Runs a query again, by default the last one. @returns how many documents it examines */
async function examined(at = -1): Promise<number> {
  const { $db, lsid, ...find } = finds.at(at) ?? {};
  const { executionStats } = await embedded.db.command({ explain: find });
  return executionStats.totalDocsExamined;
}

function filterOf({ filter }: Record<string, unknown>): { state?: unknown } {
  return filter as { state?: unknown };
}

/** A backlog that was decided by the present rules, 2, and two deliveries that were not. */
async function record(state: 'pending' | 'held'): Promise<void> {
  await store.insert(
    Array.from({ length: 400 }, (_, index) =>
      deliveryOf(`e${index} T1:C1`, {
        state,
        ref: `r${index}`,
        sequence: index,
        nextAttemptAt: at(1),
        rulesEpoch: index === 170 || index === 390 ? 1 : 2,
      }),
    ),
  );
}

describe('a backlog costs only what is wanted of it', () => {
  for (const state of ['pending', 'held'] as const)
    for (const after of [undefined, at(0)])
      test(`${state} ones that earlier rules decided${after ? ', later ones' : ''}`, async () => {
        await record(state);
        const which = { state, ...(after !== undefined && { after }) };
        const found = await store.listDecidedBefore(tenancy, 2, which, 500);
        expect(found.map(({ sequence }) => sequence).sort()).toEqual([170, 390]);
        expect(await examined()).toBe(2);
      });

  test('those that a failure set apart', async () => {
    const since = at(0);
    const split = {
      maxTogether: 20,
      isPlain: false,
      isContinued: false,
      unprovenSince: since,
      isTried: true,
    };
    await record('pending');
    await store.setSplit(['e170 T1:C1', 'e390 T1:C1'], split);
    expect(await store.hasParts(tenancy, since)).toBe(false);
    expect(await examined()).toBe(2);
    expect(await store.rejoin(tenancy, since)).toBe(2);
    expect(await examined()).toBe(2);
  });

  test('those whose reminders are due, and their channels', async () => {
    const awaiting = (channelId: string, index: number) =>
      deliveryOf(`e${index} ${channelId}`, {
        channelId,
        ref: `r${index}`,
        state: 'sent',
        awaitsReminder: true,
        finishedAt: at(index % 400 === 0 ? 1 : 2),
      });
    await store.insert(Array.from({ length: 1200 }, (_, index) => awaiting('T1:C1', index)));
    await store.insert([awaiting('T1:C2', 1)]);
    const waiting = { state: 'pending', awaitsReminder: true, channelId: 'T1:C1' } as const;
    await store.insert(
      Array.from({ length: 400 }, (_, index) =>
        deliveryOf(`w${index} T1:C1`, { ...waiting, ref: `w${index}` }),
      ),
    );
    expect([...(await store.listChannelsAwaitingReminder())]).toEqual([
      ['T1:C1', at(1)],
      ['T1:C2', at(2)],
    ]);
    expect(finds).toHaveLength(2);
    expect(await examined(0)).toBe(500);
    const pages: number[] = [];
    for await (const { length } of store.listAwaitingReminder('T1:C1', at(1))) pages.push(length);
    expect(pages).toEqual([3]);
    expect(await examined()).toBe(3);
  });

  for (const state of ['pending', 'held', 'failed'] as const)
    test(`the reminders among ${state} ones`, async () => {
      await store.insert(
        Array.from({ length: 400 }, (_, index) => deliveryOf(`e${index} T1:C1`, { state, ref: `r${index}` })),
      );
      const reminder = { of: 'e0 T1:C1', openMs: 1 };
      await store.insert([deliveryOf('e0 reminder T1:C1', { state, ref: 'reminder', reminder })]);
      expect(await store.withdrawReminders(state, tenancy)).toBe(1);
      await store.insert([deliveryOf('e0 reminder T1:C1', { state, ref: 'reminder', reminder })]);
      expect(await examined(0)).toBe(1);
    });

  for (const state of ['pending', 'held'] as const)
    test(`the first ${state} one that is due later`, async () => {
      await record(state);
      await store.insert(
        ['T1:C0', 'T1:C2'].flatMap((channelId) =>
          Array.from({ length: 100 }, (_, index) =>
            deliveryOf(`e${index} ${channelId}`, {
              channelId,
              state,
              ref: `r${index}`,
              nextAttemptAt: at(1),
            }),
          ),
        ),
      );
      expect(await store.findDue(tenancy, at(0), at(5))).toEqual({ own: at(1) });
      const sorted = finds.findIndex((find) => find.sort !== undefined && filterOf(find).state === state);
      // No index has the order of pending ones within a channel: its own are read, as by a look at what is due now.
      expect(await examined(sorted)).toBe(state === 'pending' ? 400 : 1);
    });

  test('the latest held ones', async () => {
    await record('held');
    const found = await store.listBefore(tenancy, 'held', 300, 5);
    expect(found.map(({ sequence }) => sequence)).toEqual([299, 298, 297, 296, 295]);
    expect(await examined()).toBe(5);
  });
});

/** The embedded store does nothing else during a command. */
describe('what changes a whole backlog does it in parts', () => {
  const count = 1200;
  const now = at(2);
  const changes = {
    'the end of a tenancy': {
      from: ['pending', 'held', 'failed'],
      to: 'dropped',
      run: () => store.endTenancy(tenancy, now, now),
    },
    'a webhook that is gone': { from: ['pending'], to: 'held', run: () => store.hold(tenancy, now) },
    'a retry of everything': { from: ['failed'], to: 'pending', run: () => store.replay(tenancy, now) },
  } as const;

  test('the withdrawal of reminders', async () => {
    const ids = Array.from({ length: count }, (_, index) => `e${index} T1:C1`);
    await store.insert(ids.map((id) => deliveryOf(id, { state: 'sent', ref: id })));
    await store.insert(
      ids.map((of, sequence) =>
        deliveryOf(`reminder ${of}`, {
          state: 'pending',
          ref: `reminder ${of}`,
          sequence,
          reminder: { of, openMs: 1 },
        }),
      ),
    );
    expect(await store.withdrawReminders('pending', tenancy)).toBe(count);
    expect(updated).toEqual([500, 500, 200]);
    const left = embedded.db.collection('deliveries');
    expect(await left.countDocuments({ state: 'pending' })).toBe(0);
    expect(await left.countDocuments({ awaitsReminder: true, reminderRound: 1 })).toBe(count);
  });

  for (const [name, { from, to, run }] of Object.entries(changes))
    test(name, async () => {
      for (const state of from)
        await store.insert(
          Array.from({ length: count }, (_, index) =>
            deliveryOf(`${state} e${index} T1:C1`, {
              state,
              ref: `${state} ${index}`,
              sequence: index,
              finishedAt: state === 'failed' ? at(1) : null,
            }),
          ),
        );
      await run();
      const changed = updated.reduce((sum, each) => sum + each, 0);
      expect(changed).toBe(count * from.length);
      expect(Math.max(...updated)).toBeLessThanOrEqual(500);
      expect(await embedded.db.collection('deliveries').countDocuments({ state: to })).toBe(changed);
    });
});
