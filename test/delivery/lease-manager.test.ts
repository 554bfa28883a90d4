import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { createLeaseManager } from '../../src/delivery/lease-manager.ts';
import { noopObserver } from '../../src/delivery/observer.ts';
import { AppError } from '../../src/lib/errors.ts';
import type { LeaseStore } from '../../src/store/leases.ts';
import { createFakeClock } from '../support/fake-clock.ts';

/** A manager on a store whose answers the test chooses. */
function setup() {
  const clock = createFakeClock();
  const state = {
    lost: new Set<string>(),
    away: false,
    abandoned: [] as string[],
    renewals: 0,
    readMs: [] as number[],
    duringRead: [] as (() => void)[],
    reads: 0,
    released: [] as string[],
    wanted: new Set<string>(),
    offered: [] as string[],
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
      state.released.push(...ids);
      return ids.some((id) => state.wanted.has(id));
    },
    async offer(ids) {
      state.offered.push(...ids);
    },
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
      const found = { ...channel };
      await clock.advance(state.readMs.shift() ?? 0);
      state.duringRead.shift()?.();
      return id === 'broken' ? undefined : { id, ...found };
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

describe('the lease manager', () => {
  test('keeps all leases alive with one write per heartbeat', async () => {
    const { clock, state, leaseManager } = setup();
    const [a, b] = [await leaseManager.acquire('a'), await leaseManager.acquire('b')];
    leaseManager.start(() => {});
    await clock.advance(60_000);
    expect([a?.isHeld(), b?.isHeld()]).toEqual([true, true]);
    // Not at the start, when they had just been acquired.
    expect(state.renewals).toBe(12);
    await leaseManager.stop();
    expect(state.released).toEqual(['a', 'b']);
  });

  test('loses a lease that another process has acquired at the next heartbeat', async () => {
    const { clock, state, counted, leaseManager } = setup();
    const [a, b] = [await leaseManager.acquire('a'), await leaseManager.acquire('b')];
    leaseManager.start(() => {});
    state.lost.add('a');
    await clock.advance(10_000);
    expect([a?.isHeld(), b?.isHeld()]).toEqual([false, true]);
    expect(counted).toEqual({ lost: 1, takenOver: 0 });
    await leaseManager.stop();
    expect(state.released).toEqual(['b']);
  });

  test('while the database is unavailable, gives up before another process could take over with a message in progress', async () => {
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

  test('does not hold a released lease', async () => {
    const { leaseManager } = setup();
    const lease = await leaseManager.acquire('a');
    if (lease !== undefined) await leaseManager.release(lease);
    expect(lease?.isHeld()).toBe(false);
  });

  test('releases the lease of an inactive channel at once', async () => {
    const { state, leaseManager } = setup();
    expect(await leaseManager.acquire('broken')).toBeUndefined();
    expect(state.released).toEqual(['broken']);
  });

  test('acquires the free ones of many, and releases at once those that are inactive or unreadable', async () => {
    const { channel, clock, state, leaseManager } = setup();
    const known = ['a', 'taken', 'broken', 'unreadable'].map((id) => ({
      _id: id,
      readAt: clock.monotonic(),
      toSendable() {
        if (id === 'unreadable') throw new AppError('encrypted_with_unknown_key', 'no key for it');
        return id === 'broken' ? undefined : { id, ...channel };
      },
    }));
    const acquired = await leaseManager.acquireAll(known);
    expect([...acquired.keys()]).toEqual(['a']);
    expect(acquired.get('a')?.isHeld()).toBe(true);
    expect(state.released).toEqual(['broken', 'unreadable']);
    await leaseManager.stop();
    expect(state.released).toEqual(['broken', 'unreadable', 'a']);
  });

  test.each([
    ['a fast one', [0], 1, true],
    [
      'the second, when the first took so long that the channel may have changed since',
      [2000, 1999],
      2,
      true,
    ],
    ['none that is too slow', [2000, 2000, 2000], 3, false],
  ])('relies before a message on %s', async (_, readMs, reads, isReliable) => {
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

  test('reads a channel that is known to have changed again, whatever was read of it before', async () => {
    const { channel, clock, state, leaseManager } = setup();
    const lease = await leaseManager.acquire('a');
    const readAt = clock.monotonic() + 1;
    await clock.advance(2);
    lease?.invalidate();
    lease?.update({ _id: 'a', readAt, toSendable: () => ({ id: 'a', ...channel }) });
    expect(await lease?.refresh()).toBe(true);
    expect(state.reads).toBe(2);
    await leaseManager.stop();
  });

  test('reads a channel again that changes while it is read before a message', async () => {
    const { channel, clock, state, leaseManager } = setup();
    const lease = await leaseManager.acquire('a');
    await clock.advance(2000);
    state.readMs = [1];
    state.duringRead.push(() => {
      channel.accountId = 'acct_other';
      leaseManager.invalidate('a');
    });
    expect(await lease?.refresh()).toBe(true);
    expect(lease?.channel.accountId).toBe('acct_other');
    await leaseManager.stop();
  });

  test('reads a channel again that changes while its lease is acquired', async () => {
    const { channel, state, leaseManager } = setup();
    state.readMs = [1];
    state.duringRead.push(() => {
      channel.accountId = 'acct_other';
      leaseManager.invalidate('a');
    });
    const lease = await leaseManager.acquire('a');
    expect(await lease?.refresh()).toBe(true);
    expect(lease?.channel.accountId).toBe('acct_other');
    await leaseManager.stop();
  });

  test('keeps what it learns of a channel while that is read', async () => {
    const { channel, clock, state, leaseManager } = setup();
    const lease = await leaseManager.acquire('a');
    await clock.advance(2000);
    state.readMs = [1];
    state.duringRead.push(() => {
      const sendable = { id: 'a', ...channel, accountId: 'acct_other' };
      lease?.update({ _id: 'a', readAt: clock.monotonic(), toSendable: () => sendable });
    });
    expect(await lease?.refresh()).toBe(true);
    expect(lease?.channel.accountId).toBe('acct_other');
    await leaseManager.stop();
  });

  test('reports the channels of a dead process', async () => {
    const { clock, state, counted, leaseManager } = setup();
    const reported: string[][] = [];
    leaseManager.start((channelIds) => reported.push(channelIds));
    await clock.advance(0);
    state.abandoned.push('x', 'y');
    await clock.advance(5000);
    expect(reported).toEqual([['x', 'y']]);
    expect(counted).toEqual({ lost: 0, takenOver: 2 });
    await leaseManager.stop();
  });

  test('of what it still has at the stop, it leaves to others what they wanted', async () => {
    const { leaseManager, state } = setup();
    for (const id of ['a', 'b', 'c']) await leaseManager.acquire(id);
    state.wanted.add('b');
    await leaseManager.stop();
    expect(state).toMatchObject({ released: ['a', 'b', 'c'], offered: ['b'] });
  });

  test('leaves nothing to others at the stop if they wanted nothing', async () => {
    const { leaseManager, state } = setup();
    await leaseManager.acquire('a');
    await leaseManager.stop();
    expect(state).toMatchObject({ released: ['a'], offered: [] });
  });

  test('takes over no channel once it left one to others', async () => {
    const { leaseManager, clock, state, counted } = setup();
    leaseManager.start(() => {});
    await clock.advance(0);
    await leaseManager.offer('a');
    state.abandoned = ['a'];
    await clock.advance(10_000);
    expect(counted.takenOver).toBe(0);
    await leaseManager.stop();
  });
});
