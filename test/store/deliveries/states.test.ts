import fc from 'fast-check';
import { Collection } from 'mongodb';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { dayMs } from '../../../src/lib/time.ts';
import { isFinished, transitions } from '../../../src/store/deliveries/states.ts';
import { createDeliveryStore } from '../../../src/store/deliveries/store.ts';
import { at, deliveryOf, own, sentAlone } from '../../support/delivery-of.ts';
import { setupDeliveryStore } from '../../support/setup-delivery-store.ts';

let changes = 0;

const fixture = setupDeliveryStore((_transition, count) => {
  changes += count;
});
const { store, find } = fixture;

describe('the states of a delivery', () => {
  const { drop, abandon, sendDropped, loseAnswerOfHeld, loseAnswerOfDropped, ...others } = transitions;
  /** The transitions that each call of the store makes. */
  const ways: Record<string, readonly { from: string; to: string }[]> = {
    ...Object.fromEntries(Object.entries(others).map(([name, way]) => [name, [way]])),
    drop: [drop, abandon],
    sendTried: [others.sendHeld, sendDropped],
    loseAnswerOfTried: [loseAnswerOfHeld, loseAnswerOfDropped],
    endTenancy: [drop, abandon, others.dismiss],
  };
  const calls = {
    send: () => store().send(['a'], at(1)),
    fail: () => store().fail(['a'], at(1), 'no_text'),
    postpone: () => store().postpone(['a'], at(1), at(2), 'http_500'),
    refuse: () => store().refuse(['a'], sentAlone, at(1), 'no_text'),
    split: () => store().split(['a'], sentAlone, at(1), 'http_403'),
    loseAnswer: () => store().countLostAnswer(['a'], at(1)),
    loseAnswerOfTried: () => store().countTriedLostAnswer('a', at(1)),
    sendTried: () => store().sendTried('a', at(1)),
    hold: () => store().hold(own(), at(1)),
    holdUntil: () => store().holdUntil(['a'], at(1), 2, at(1)),
    sendHeld: () => store().sendHeld(['a'], at(1)),
    release: () => store().requeueHeld(['a'], at(1)),
    drop: () => store().drop(['a'], 'customer_muted', at(1)),
    dismiss: () => store().dismiss(['a'], 'moved', at(1)),
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
          await fixture.db.collection('deliveries').deleteMany({});
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
    const counting = createDeliveryStore(fixture.db, (transition, count) => {
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
