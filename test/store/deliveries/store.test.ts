import { describe, expect, test } from 'vitest';
import type { DeliveryDocument } from '../../../src/store/deliveries/document.ts';
import { at, deliveryOf, foreign, own } from '../../support/delivery-of.ts';
import { setupDeliveryStore } from '../../support/setup-delivery-store.ts';

const fixture = setupDeliveryStore();
const { store, find } = fixture;

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
    await fixture.db.collection('deliveries').updateMany({}, { $set: { state: 'failed' } });
    expect(await store().listDue(at(11))).toEqual([]);
    expect(await store().listFailedTenancies()).toHaveLength(tenancies.length + 1);
    expect(await store().listFailedTenancies('T1:C2')).toHaveLength(3);
    await fixture.db.collection('deliveries').updateMany({}, { $set: { state: 'held' } });
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
    expect(await ask()).toEqual([{}, {}, {}]);
    await asked.insert([deliveryOf('a', { state: 'held' })]);
    expect(await ask()).toEqual([{ own: at(0) }, { other: at(0) }, { other: at(0) }]);
    // More deliveries than one query reads.
    await asked.insert(Array.from({ length: 60 }, (_, index) => deliveryOf(`more ${index}`, foreign)));
    expect(await ask()).toEqual([{ own: at(0) }, { own: at(0) }, { other: at(0) }]);
    expect(await asked.listDue(at(10))).toEqual([foreign]);
    const waiting = await asked.listWaiting(own(), at(10), { pending: 10, held: 10 });
    expect(waiting).toMatchObject({ pending: [], held: [{ _id: 'a' }] });
  });

  test.each([1, 80])(
    'what is due later is found for whoever looks ahead, and only for them (%i held)',
    async (count) => {
      const asked = store();
      const held = (id: string, nextAttemptAt: Date) =>
        deliveryOf(id, { state: 'held', digest: 'quiet_hours', nextAttemptAt });
      await asked.insert([
        ...Array.from({ length: count }, (_, index) => held(`held ${index}`, at(20))),
        { ...deliveryOf('theirs', foreign), nextAttemptAt: at(15) },
      ]);
      const [seen, due, waiting] = await Promise.all([
        asked.findDue(own(), at(10), at(30)),
        asked.findDue(own(), at(10)),
        asked.listWaiting(own(), at(10), { pending: 10, held: 10 }),
      ]);
      expect(seen).toMatchObject({ own: at(20) });
      expect(due).toEqual({});
      expect(waiting).toEqual({ pending: [], held: [] });
      expect(await asked.findDue(own(), at(15), at(30))).toEqual({ own: at(20), other: at(15) });
      expect(await asked.findDue(own(), at(25), at(30))).toMatchObject({ own: at(20) });
    },
  );

  test('whoever looks ahead finds what is due first, among more than one query reads', async () => {
    const asked = store();
    const later = (id: string, seconds: number, rest: Partial<DeliveryDocument> = {}) =>
      deliveryOf(id, { nextAttemptAt: at(seconds), ...rest });
    const ask = () =>
      Promise.all([
        asked.findDue(own(), at(10), at(30)),
        asked.findDue({ channelId: 'T1:C1', accountId: null }, at(10), at(30)),
      ]);
    await asked.insert([
      ...Array.from({ length: 80 }, (_, index) => later(`retry ${index}`, 25, { sequence: index })),
      later('first', 20, { sequence: 80 }),
    ]);
    expect(await ask()).toEqual([{ own: at(20) }, { other: at(20) }]);
    await asked.insert([later('held', 15, { state: 'held', digest: 'quiet_hours' })]);
    expect(await ask()).toEqual([{ own: at(15) }, { other: at(15) }]);
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
        ids.map((_, index) => (index < 90 ? { own: at(0) } : {})),
      );
      return waiting.map(({ pending, held }) => [pending.length, held.length]);
    };
    const few = ids.map((_, index) => [index < 60 ? 1 : 0, index >= 30 && index < 90 ? 1 : 0]);
    expect(await ask()).toEqual(few);

    await store().insert(
      Array.from({ length: 7000 }, (_, index) =>
        deliveryOf(`burst ${index}`, { channelId: 'T1:C0', sequence: 7000 - index }),
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
