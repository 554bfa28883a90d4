import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { createLeaseManager } from '../../src/delivery/lease-manager.ts';
import { noopObserver } from '../../src/delivery/observer.ts';
import { AppError } from '../../src/lib/errors.ts';
import type { LeaseStore } from '../../src/store/leases.ts';
import { createFakeClock } from '../support/fake-clock.ts';

/** A keeper on a store that is told what to answer. */
function setup() {
  const clock = createFakeClock();
  const state = {
    lost: new Set<string>(),
    away: false,
    abandoned: [] as string[],
    renewals: 0,
    /** How long the next reads of a channel take. */
    readMs: [] as number[],
    reads: 0,
    setupBack: [] as string[],
  };
  const leases: LeaseStore = {
    async acquire() {
      return true;
    },
    async acquireAll(ids) {
      return new Set(ids.filter((id) => id !== 'taken'));
    },
    async renew(ids) {
      if (state.away) throw new Error('the database is away');
      state.renewals += 1;
      return new Set(ids.filter((id) => !state.lost.has(id)));
    },
    async release(ids) {
      state.setupBack.push(...ids);
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
      state.reads += 1;
      await clock.advance(state.readMs.shift() ?? 0);
      return id === 'broken' ? undefined : { id, ...channel };
    },
  };
  const logger = pino({ level: 'silent' });
  const counted = { lost: 0, takenOver: 0 };
  const observer = {
    ...noopObserver,
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
    leaseManager: createLeaseManager({ leases, channels, maxPostMs: 10_000, clock, observer, logger }),
  };
}

describe('the lease keeper', () => {
  test('keeps a lease alive with one write a beat for all', async () => {
    const { clock, state, leaseManager } = setup();
    const [a, b] = [await leaseManager.acquire('a'), await leaseManager.acquire('b')];
    leaseManager.start(() => {});
    await clock.advance(60_000);
    expect([a?.isHeld(), b?.isHeld()]).toEqual([true, true]);
    // Not at the start, when they had just been taken.
    expect(state.renewals).toBe(12);
    await leaseManager.stop();
    expect(state.setupBack).toEqual(['a', 'b']);
  });

  test('one that somebody else has now is lost at the next beat', async () => {
    const { clock, state, counted, leaseManager } = setup();
    const [a, b] = [await leaseManager.acquire('a'), await leaseManager.acquire('b')];
    leaseManager.start(() => {});
    state.lost.add('a');
    await clock.advance(10_000);
    expect([a?.isHeld(), b?.isHeld()]).toEqual([false, true]);
    expect(counted).toEqual({ lost: 1, takenOver: 0 });
    await leaseManager.stop();
    expect(state.setupBack).toEqual(['b']);
  });

  test('while the database is away, it gives up before anybody can take over with a message under way', async () => {
    const { clock, state, leaseManager } = setup();
    const lease = await leaseManager.acquire('a');
    state.away = true;
    leaseManager.start(() => {});
    await clock.advance(9_999);
    expect(lease?.isHeld()).toBe(true);
    await clock.advance(1);
    expect(lease?.isHeld()).toBe(false);
    state.away = false;
    await clock.advance(5000);
    expect(lease?.isHeld()).toBe(true);
    await leaseManager.stop();
  });

  test('one that was given back is not held', async () => {
    const { leaseManager } = setup();
    const lease = await leaseManager.acquire('a');
    if (lease !== undefined) await leaseManager.release(lease);
    expect(lease?.isHeld()).toBe(false);
  });

  test('the lease of a channel that is not active is given back at once', async () => {
    const { state, leaseManager } = setup();
    expect(await leaseManager.acquire('broken')).toBeUndefined();
    expect(state.setupBack).toEqual(['broken']);
  });

  test('of many it takes what is free, and gives back at once what is not active or cannot be read', async () => {
    const { channel, clock, state, leaseManager } = setup();
    const known = ['a', 'taken', 'broken', 'sealed'].map((id) => ({
      _id: id,
      readAt: clock.monotonic(),
      toSendable() {
        if (id === 'sealed') throw new AppError('sealed_with_unknown_key', 'no key for it');
        return id === 'broken' ? undefined : { id, ...channel };
      },
    }));
    const taken = await leaseManager.acquireAll(known);
    expect([...taken.keys()]).toEqual(['a']);
    expect(taken.get('a')?.isHeld()).toBe(true);
    expect(state.setupBack).toEqual(['broken', 'sealed']);
    await leaseManager.stop();
    expect(state.setupBack).toEqual(['broken', 'sealed', 'a']);
  });

  test.each([
    ['a quick one', [0], 1, true],
    [
      'the second, when the first took so long that the channel may have changed since',
      [2000, 1999],
      2,
      true,
    ],
    ['none that takes too long', [2000, 2000, 2000], 3, false],
  ])('before a message it relies on %s', async (_, readMs, reads, isReliable) => {
    const { clock, state, leaseManager } = setup();
    const lease = await leaseManager.acquire('a');
    await clock.advance(2000);
    state.reads = 0;
    state.readMs = readMs;
    expect(await lease?.refresh()).toBe(isReliable);
    expect(state.reads).toBe(reads);
    if (isReliable) await lease?.refresh();
    expect(state.reads).toBe(reads);
    await leaseManager.stop();
  });

  test('tells of the channels of a process that died', async () => {
    const { clock, state, counted, leaseManager } = setup();
    const told: string[][] = [];
    leaseManager.start((channelIds) => told.push(channelIds));
    await clock.advance(0);
    state.abandoned.push('x', 'y');
    await clock.advance(5000);
    expect(told).toEqual([['x', 'y']]);
    expect(counted).toEqual({ lost: 0, takenOver: 2 });
    await leaseManager.stop();
  });
});
