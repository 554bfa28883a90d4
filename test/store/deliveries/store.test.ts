import fc from 'fast-check';
import { Collection } from 'mongodb';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { dayMs } from '../../../src/lib/time.ts';
import type { DeliveryDocument } from '../../../src/store/deliveries/document.ts';
import { isFinished, transitions } from '../../../src/store/deliveries/states.ts';
import { createDeliveryStore } from '../../../src/store/deliveries/store.ts';
import { deliveryOf } from '../../support/delivery-of.ts';
import { setupDatabase } from '../../support/setup-database.ts';

const database = setupDatabase();

let changes = 0;

const store = () =>
  createDeliveryStore(database.db, (_transition, count) => {
    changes += count;
  });
const at = (seconds: number) => new Date(Date.UTC(2096, 2, 2) + seconds * 1000);

/** The same channel for the demo's account, and for another one. */
const own = (channelId = 'T1:C1') => ({ channelId, accountId: 'acct_demo' });
const foreign = { channelId: 'T1:C1', accountId: 'acct_other' };

async function find(id: string): Promise<DeliveryDocument> {
  const [found] = await store().listByIds([id]);
  if (found === undefined) throw new Error(`no delivery ${id}`);
  return found;
}

describe('the states of a delivery', () => {
  const { drop, abandon, dismiss, sendDropped, loseAnswerOfHeld, loseAnswerOfDropped, ...others } =
    transitions;
  /** The transitions that each call of the store makes. */
  const ways: Record<string, readonly { from: string; to: string }[]> = {
    ...Object.fromEntries(Object.entries(others).map(([name, way]) => [name, [way]])),
    drop: [drop, abandon],
    sendTried: [others.sendHeld, sendDropped],
    loseAnswerOfTried: [loseAnswerOfHeld, loseAnswerOfDropped],
    endTenancy: [drop, abandon, dismiss],
  };
  const split = {
    maxTogether: 1,
    isPlain: false,
    isContinued: false,
    unprovenSince: null,
    isTried: false,
  };
  const calls = {
    send: () => store().send(['a'], at(1)),
    fail: () => store().fail(['a'], at(1), 'no_text'),
    postpone: () => store().postpone(['a'], at(1), at(2), 'http_500'),
    refuse: () => store().refuse(['a'], split, at(1), 'no_text'),
    split: () => store().split(['a'], split, at(1), 'http_403'),
    loseAnswer: () => store().countLostAnswer(['a'], at(1)),
    loseAnswerOfTried: () => store().countTriedLostAnswer('a', at(1)),
    sendTried: () => store().sendTried('a', at(1)),
    hold: () => store().hold(own(), at(1)),
    holdUntil: () => store().holdUntil(['a'], at(1), 2, at(1)),
    sendHeld: () => store().sendHeld(['a'], at(1)),
    release: () => store().requeueHeld(['a'], at(1)),
    drop: () => store().drop(['a'], 'customer_muted', at(1)),
    endTenancy: () => store().endTenancy(own(), at(1), at(1)),
    replay: () => store().replay(own(), at(1)),
  } satisfies Record<
    keyof typeof others | 'drop' | 'endTenancy' | 'sendTried' | 'loseAnswerOfTried',
    () => Promise<unknown>
  >;

  test('any calls in any order: only the transitions of the table happen', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...(Object.keys(calls) as (keyof typeof calls)[])), { maxLength: 12 }),
        async (names) => {
          await database.db.collection('deliveries').deleteMany({});
          await store().insert([deliveryOf('a')]);
          let state = 'pending';
          for (const name of names) {
            const way = ways[name]?.find(({ from }) => from === state);
            const before = changes;
            await calls[name]();
            expect(changes - before).toBe(way === undefined ? 0 : 1);
            state = way?.to ?? state;
            const found = await find('a');
            expect(found.state).toBe(state);
            expect(found.expiresAt !== null).toBe(isFinished(found.state));
            expect(found.finishedAt !== null).toBe(isFinished(found.state));
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  test('of two writers that finish it at once, one does', async () => {
    await store().insert([deliveryOf('a')]);
    const finished = { send: 0, fail: 0, postpone: 0 };
    const counting = createDeliveryStore(database.db, (transition, count) => {
      finished[transition as keyof typeof finished] += count;
    });
    await Promise.all([
      counting.send(['a'], at(1)),
      counting.fail(['a'], at(1), 'http_500'),
      counting.postpone(['a'], at(1), at(2), 'http_500'),
    ]);
    const { state } = await find('a');
    expect(['sent', 'failed']).toContain(state);
    expect(finished.send + finished.fail).toBe(1);
  });

  test('a finished delivery is kept for 30 days', async () => {
    await store().insert([deliveryOf('a')]);
    await store().send(['a'], at(0));
    const days = ((await find('a')).expiresAt?.getTime() ?? 0) - at(0).getTime();
    expect(days).toBe(30 * dayMs);
  });

  test('a replay starts with a full set of retries', async () => {
    await store().insert([
      deliveryOf('a', { state: 'failed', attempts: 11, finishedAt: at(5) }),
      deliveryOf('b', { state: 'sent' }),
    ]);
    expect(await store().replay(own(), at(5), ['a', 'b'])).toEqual({ alerts: 1, reminders: 0 });
    expect(await find('a')).toMatchObject({ state: 'pending', attempts: 0, nextAttemptAt: at(5) });
    expect(await find('b')).toMatchObject({ state: 'sent' });
  });

  test('a replay includes what failed by the clock of another process, which is ahead', async () => {
    await store().insert([deliveryOf('a', { state: 'failed', finishedAt: at(6) })]);
    expect(await store().replay(own(), at(5))).toEqual({ alerts: 1, reminders: 0 });
  });

  test('what fails again while everything is replayed is not replayed again', async () => {
    await store().insert([deliveryOf('a', { state: 'failed', finishedAt: at(4) })]);
    const { updateMany } = Collection.prototype;
    onTestFinished(() => void vi.restoreAllMocks());
    let updates = 0;
    vi.spyOn(Collection.prototype, 'updateMany').mockImplementation(async function (
      this: Collection,
      ...args
    ) {
      const result = await updateMany.apply(this, args);
      updates += 1;
      if (updates < 3)
        await this.updateOne({ state: 'pending' }, { $set: { state: 'failed', finishedAt: at(6) } });
      return result;
    });
    expect(await store().replay(own(), at(5))).toEqual({ alerts: 1, reminders: 0 });
    expect(await find('a')).toMatchObject({ state: 'failed', finishedAt: at(6) });
  });
});

describe('queries', () => {
  test('inserting again changes nothing', async () => {
    await store().insert([deliveryOf('a')]);
    await store().send(['a'], at(1));
    await store().insert([deliveryOf('a'), deliveryOf('b')]);
    expect(await find('a')).toMatchObject({ state: 'sent' });
    expect(await find('b')).toMatchObject({ state: 'pending' });
  });

  test("a channel's next: critical first, then in order, and no other channel's", async () => {
    await store().insert([
      deliveryOf('third', { sequence: 3 }),
      deliveryOf('second', { sequence: 2 }),
      deliveryOf('urgent', { sequence: 4, priority: 0 }),
      deliveryOf('sent', { sequence: 1, state: 'sent' }),
      deliveryOf('other', { sequence: 1, channelId: 'T1:C2' }),
      deliveryOf('held', { sequence: 1, state: 'held' }),
      deliveryOf('foreign', { sequence: 1, accountId: 'acct_other' }),
    ]);
    const next = await store().listPending(own(), 10);
    expect(next.map(({ _id }) => _id)).toEqual(['urgent', 'second', 'third']);
    expect(await store().listPending(own(), 1)).toHaveLength(1);
  });

  test('the channels with due deliveries', async () => {
    await store().insert([
      deliveryOf('a', { channelId: 'T1:C1', nextAttemptAt: at(10) }),
      deliveryOf('b', { channelId: 'T1:C2', nextAttemptAt: at(11) }),
      deliveryOf('c', { channelId: 'T1:C3', state: 'held' }),
    ]);
    expect(await store().listDue(at(9))).toEqual([]);
    expect(await store().listDue(at(10))).toEqual([own('T1:C1')]);
    const channelIds = (await store().listDue(at(11))).map(({ channelId }) => channelId);
    expect(channelIds.sort()).toEqual(['T1:C1', 'T1:C2']);
    expect(await store().hasDue(own('T1:C2'), at(10))).toBe(false);
    expect(await store().hasDue(own('T1:C2'), at(11))).toBe(true);
  });

  test('the tenancies with due deliveries, once each, however long their backlogs are', async () => {
    const backlogs: [string, string, number][] = [
      ['T1:C1', 'acct_a', 1],
      ['T1:C2', 'acct_a', 700],
      ['T1:C2', 'acct_b', 501],
      ['T1:C2', 'acct_c', 2],
      ['T1:C3', 'acct_b', 500],
      ['T1:C4', 'acct_a', 3],
    ];
    const tenancies = backlogs.map(([channelId, accountId]) => ({ channelId, accountId }));
    for (const [channelId, accountId, length] of backlogs)
      await store().insert(
        Array.from({ length }, (_, index) =>
          deliveryOf(`${channelId} ${accountId} ${index}`, { channelId, accountId, nextAttemptAt: at(10) }),
        ),
      );
    await store().insert([deliveryOf('later', { channelId: 'T1:C5', nextAttemptAt: at(11) })]);
    const sorted = async (listed: Promise<unknown[]>) =>
      (await listed).map((each) => JSON.stringify(each)).sort();
    expect(await sorted(store().listDue(at(10)))).toEqual(
      tenancies.map((each) => JSON.stringify(each)).sort(),
    );
    expect(await sorted(store().listDue(at(11)))).toHaveLength(tenancies.length + 1);
    expect((await store().listUnfinishedChannels()).sort()).toEqual([
      'T1:C1',
      'T1:C2',
      'T1:C3',
      'T1:C4',
      'T1:C5',
    ]);
    await database.db.collection('deliveries').updateMany({}, { $set: { state: 'failed' } });
    expect(await store().listDue(at(11))).toEqual([]);
    expect(await store().listFailedTenancies()).toHaveLength(tenancies.length + 1);
    expect(await store().listFailedTenancies('T1:C2')).toHaveLength(3);
    await database.db.collection('deliveries').updateMany({}, { $set: { state: 'held' } });
    expect(await Promise.all(['T1:C2', 'T1:C5', 'T1:C6'].map((id) => store().hasHeld(id)))).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('due deliveries are distinguished by account', async () => {
    const asked = store();
    const ask = () =>
      Promise.all([
        asked.findDue(own(), at(10)),
        asked.findDue(foreign, at(10)),
        asked.findDue({ channelId: 'T1:C1', accountId: null }, at(10)),
      ]);
    expect(await ask()).toEqual([undefined, undefined, undefined]);
    await asked.insert([deliveryOf('a', { state: 'held' })]);
    expect(await ask()).toEqual(['own', 'other', 'other']);
    // More deliveries than one query reads.
    await asked.insert(Array.from({ length: 60 }, (_, index) => deliveryOf(`more ${index}`, foreign)));
    expect(await ask()).toEqual(['own', 'own', 'other']);
    expect(await asked.listDue(at(10))).toEqual([foreign]);
    const waiting = await asked.listWaiting(own(), at(10), { pending: 10, held: 10 });
    expect(waiting).toMatchObject({ pending: [], held: [{ _id: 'a' }] });
  });

  test('ending a tenancy ends what the account left, and nothing that is later or elsewhere', async () => {
    await store().insert([
      deliveryOf('pending'),
      deliveryOf('held', { state: 'held' }),
      deliveryOf('failed', { state: 'failed', finishedAt: at(0) }),
      deliveryOf('sent', { state: 'sent', finishedAt: at(0) }),
      deliveryOf('later', { createdAt: at(2) }),
      deliveryOf('foreign', foreign),
      deliveryOf('elsewhere', { channelId: 'T1:C2' }),
    ]);
    await store().endTenancy(own(), at(1), at(3));
    for (const id of ['pending', 'held', 'failed'])
      expect(await find(id)).toMatchObject({ state: 'dropped', lastError: 'disconnected' });
    expect(await find('sent')).toMatchObject({ state: 'sent' });
    for (const id of ['later', 'foreign', 'elsewhere'])
      expect(await find(id)).toMatchObject({ state: 'pending' });
  });

  test('many channels are queried at once, and one with very many deliveries hides no others', async () => {
    const ids = Array.from({ length: 120 }, (_, index) => `T1:C${index}`);
    await store().insert([
      ...ids.slice(0, 60).map((channelId) => deliveryOf(`p ${channelId}`, { channelId })),
      ...ids
        .slice(30, 90)
        .map((channelId) =>
          deliveryOf(`h ${channelId}`, { channelId, state: 'held', digest: 'quiet_hours' }),
        ),
    ]);
    const asked = store();
    const ask = async () => {
      const waiting = await Promise.all(
        ids.map((id) => asked.listWaiting(own(id), at(5), { pending: 10, held: 10 })),
      );
      expect(await Promise.all(ids.map((id) => asked.findDue(own(id), at(5))))).toEqual(
        ids.map((_, index) => (index < 90 ? 'own' : undefined)),
      );
      return waiting.map(({ pending, held }) => [pending.length, held.length]);
    };
    const few = ids.map((_, index) => [index < 60 ? 1 : 0, index >= 30 && index < 90 ? 1 : 0]);
    expect(await ask()).toEqual(few);

    await store().insert(
      Array.from({ length: 7000 }, (_, index) =>
        deliveryOf(`storm ${index}`, { channelId: 'T1:C0', sequence: 7000 - index }),
      ),
    );
    expect(await ask()).toEqual([[10, 0], ...few.slice(1)]);
    expect(await asked.listWaiting(own('T1:C40'), at(5), { pending: 3, held: 0 })).toMatchObject({
      held: [],
    });
    const { pending } = await asked.listWaiting(own('T1:C0'), at(5), { pending: 3, held: 3 });
    expect(pending.map(({ sequence }) => sequence)).toEqual([0, 1, 2]);
  });

  test('what a channel holds whose digest is due, and what is too old for it', async () => {
    await store().insert([
      deliveryOf('old', { state: 'held', digest: 'broken' }),
      deliveryOf('b', { state: 'held', digest: 'broken', createdAt: at(10), sequence: 2 }),
      deliveryOf('a', {
        state: 'held',
        digest: 'quiet_hours',
        nextAttemptAt: at(15),
        sequence: 1,
        priority: 0,
      }),
      deliveryOf('later', { state: 'held', digest: 'quiet_hours', nextAttemptAt: at(21) }),
    ]);
    expect(await store().countHeldDue(own(), at(20))).toBe(3);
    const { held: due } = await store().listWaiting(own(), at(20), { pending: 1, held: 10 });
    expect(due.map(({ _id }) => _id).sort()).toEqual(['a', 'b', 'old']);
    expect(await store().requeueHeld(['a', 'b'], at(20))).toBe(2);
    expect(await store().requeueHeld(['old'], at(20))).toBe(1);
    expect((await store().listDigest(own(), 10)).map(({ _id }) => _id).sort()).toEqual(['a', 'b', 'old']);
    expect(await store().hasHeldDue(own(), at(20))).toBe(false);
    expect(await store().hasHeldDue(own(), at(21))).toBe(true);
    expect(await store().hasDue(own('T1:C2'), at(21))).toBe(false);
  });

  test('when business hours open, and for which channels', async () => {
    const held = (_id: string, channel: number, seconds: number, rest: Partial<DeliveryDocument> = {}) =>
      deliveryOf(_id, {
        state: 'held',
        digest: 'quiet_hours',
        channelId: `T1:C${channel}`,
        nextAttemptAt: at(seconds),
        ...rest,
      });
    await store().insert([
      held('a', 2, 10),
      held('b', 2, 10),
      held('c', 1, 10),
      held('d', 3, 20),
      held('e', 2, 20),
      held('f', 4, 30),
      held('broken', 5, 10, { digest: 'broken' }),
      held('gone', 6, 10, { state: 'sent' }),
    ]);
    const opened = async (seconds: number) => {
      const found: string[] = [];
      for await (const all of store().listOpened(at(seconds)))
        found.push(...all.map(({ channelId }) => channelId));
      return found;
    };
    expect(await opened(9)).toEqual([]);
    expect(await opened(10)).toEqual(['T1:C1', 'T1:C2']);
    expect(await opened(29)).toEqual(['T1:C1', 'T1:C2', 'T1:C2', 'T1:C3']);
    expect(await store().listOpenings(at(0), at(30))).toEqual([at(10), at(20), at(30)]);
    expect(await store().listOpenings(at(10), at(29))).toEqual([at(20)]);
  });
});
