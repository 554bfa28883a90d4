import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { createLeaseKeeper } from '../../src/delivery/lease-keeper.ts';
import { unobserved } from '../../src/delivery/observer.ts';
import { AppError } from '../../src/errors.ts';
import type { LeaseStore } from '../../src/store/leases.ts';
import { createTurnedClock } from '../support/turned-clock.ts';

/** A keeper on a store that is told what to answer. */
function given() {
  const clock = createTurnedClock();
  const state = {
    lost: new Set<string>(),
    away: false,
    abandoned: [] as string[],
    renewals: 0,
    givenBack: [] as string[],
  };
  const leases: LeaseStore = {
    async take() {
      return true;
    },
    async takeAll(ids) {
      return new Set(ids.filter((id) => id !== 'taken'));
    },
    async renew(ids) {
      if (state.away) throw new Error('the database is away');
      state.renewals += 1;
      return new Set(ids.filter((id) => !state.lost.has(id)));
    },
    async giveBack(ids) {
      state.givenBack.push(...ids);
    },
    async endAll() {},
    async listAbandoned() {
      return state.abandoned.splice(0);
    },
    async listFree(ids) {
      return [...ids];
    },
  };
  const channel = {
    accountId: 'acct_demo' as string | null,
    webhookUrl: '',
    rulesEpoch: 1,
    connectedAt: clock.now(),
  };
  const channels = {
    async findSendable(id: string) {
      return id === 'broken' ? undefined : { id, ...channel };
    },
  };
  const logger = pino({ level: 'silent' });
  const counted = { lost: 0, takenOver: 0 };
  const observer = {
    ...unobserved,
    leasesLost(count: number) {
      counted.lost += count;
    },
    takenOver(count: number) {
      counted.takenOver += count;
    },
  };
  return {
    channel,
    clock,
    state,
    counted,
    keeper: createLeaseKeeper({ leases, channels, longestPostMs: 10_000, clock, observer, logger }),
  };
}

describe('the lease keeper', () => {
  test('keeps a lease alive with one write a beat for all', async () => {
    const { clock, state, keeper } = given();
    const [a, b] = [await keeper.take('a'), await keeper.take('b')];
    keeper.start(() => {});
    await clock.advance(60_000);
    expect([a?.isHeld(), b?.isHeld()]).toEqual([true, true]);
    // Not at the start, when they had just been taken.
    expect(state.renewals).toBe(12);
    await keeper.stop();
    expect(state.givenBack).toEqual(['a', 'b']);
  });

  test('one that somebody else has now is lost at the next beat', async () => {
    const { clock, state, counted, keeper } = given();
    const [a, b] = [await keeper.take('a'), await keeper.take('b')];
    keeper.start(() => {});
    state.lost.add('a');
    await clock.advance(10_000);
    expect([a?.isHeld(), b?.isHeld()]).toEqual([false, true]);
    expect(counted).toEqual({ lost: 1, takenOver: 0 });
    await keeper.stop();
    expect(state.givenBack).toEqual(['b']);
  });

  test('while the database is away, it gives up before anybody can take over with a message under way', async () => {
    const { clock, state, keeper } = given();
    const lease = await keeper.take('a');
    state.away = true;
    keeper.start(() => {});
    await clock.advance(9_999);
    expect(lease?.isHeld()).toBe(true);
    await clock.advance(1);
    expect(lease?.isHeld()).toBe(false);
    state.away = false;
    await clock.advance(5000);
    expect(lease?.isHeld()).toBe(true);
    await keeper.stop();
  });

  test('one that was given back is not held', async () => {
    const { keeper } = given();
    const lease = await keeper.take('a');
    if (lease !== undefined) await keeper.giveBack(lease);
    expect(lease?.isHeld()).toBe(false);
  });

  test('the lease of a channel that is not active is given back at once', async () => {
    const { state, keeper } = given();
    expect(await keeper.take('broken')).toBeUndefined();
    expect(state.givenBack).toEqual(['broken']);
  });

  test('of many it takes what is free, and gives back at once what is not active or cannot be read', async () => {
    const { channel, clock, state, keeper } = given();
    const known = ['a', 'taken', 'broken', 'sealed'].map((id) => ({
      _id: id,
      readAt: clock.monotonic(),
      toSendable() {
        if (id === 'sealed') throw new AppError('sealed_with_unknown_key', 'no key for it');
        return id === 'broken' ? undefined : { id, ...channel };
      },
    }));
    const taken = await keeper.takeAll(known);
    expect([...taken.keys()]).toEqual(['a']);
    expect(taken.get('a')?.isHeld()).toBe(true);
    expect(state.givenBack).toEqual(['broken', 'sealed']);
    await keeper.stop();
    expect(state.givenBack).toEqual(['broken', 'sealed', 'a']);
  });

  test('tells of the channels of a process that died', async () => {
    const { clock, state, counted, keeper } = given();
    const told: string[][] = [];
    keeper.start((channelIds) => told.push(channelIds));
    await clock.advance(0);
    state.abandoned.push('x', 'y');
    await clock.advance(5000);
    expect(told).toEqual([['x', 'y']]);
    expect(counted).toEqual({ lost: 0, takenOver: 2 });
    await keeper.stop();
  });
});
