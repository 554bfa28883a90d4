import type { Logger } from 'pino';
import { type Clock, later } from '../lib/clock.ts';
import { createFairLimit } from '../lib/fair-limit.ts';
import { teamIdOf } from '../store/channels/store.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { KnownChannel, Lease, LeaseManager } from './lease-manager.ts';
import type { SendNextMessage, SendResult } from './send-next-message.ts';

/** A channel that is about to have something to send. */
export type ExpectedChannel = KnownChannel & {
  /** Whether its first turn has to look for what it holds as well. */
  mayHold: boolean;
};

export type Dispatcher = {
  /**
   * Has the leases of these channels taken already, with one command that goes at once: they will be woken as soon as
   * something is recorded.
   */
  preacquireLeases(channels: readonly ExpectedChannel[]): void;
  /** Has these channels served at once, one message at a time each. */
  wake(channelIds: readonly string[]): void;
  /** Takes up no more turns; resolves when those under way have ended and the leases are given back. */
  stop(): Promise<void>;
};

/** A channel that this process serves, or tries to. */
type ChannelWorker = {
  /** Whether something was recorded since it was last looked at. */
  woken: boolean;
  /** Resolves when it is woken for the first time; it may have its lease before, but no turn. */
  ready: Signal;
  /** Whether the next turn is to look for what the channel holds. */
  includesHeld: boolean;
  /** The account that it served when it was last looked at; `undefined` before that. */
  accountId: string | null | undefined;
  /** Its first lease, if that is being taken together with others'. */
  firstLease: Promise<Lease | undefined> | undefined;
  /** Ends its present sleep, if that ends when it is woken. */
  wake: () => void;
  served: Promise<void>;
};

type Signal = { promise: Promise<void>; trigger: () => void };

/** How long a channel rests after something threw (the database was away, say). Milliseconds. */
const errorDelayMs = 5000;

/**
 * Leases that are not needed any more are given back in rounds, many with one command; a channel that is woken before
 * its round goes on with the one that it has. Milliseconds.
 */
const releaseIntervalMs = 100;

/** Rests that end this close to each other share a timer. Milliseconds. */
const timerResolutionMs = 10;

/**
 * Serves channels: takes a channel's lease, has turn after turn until nothing is due, and gives the lease back. Never
 * two turns at once for one channel, and at most `concurrency` turns at once in all, shared fairly between workspaces. A
 * channel that rests takes up no place, so none waits for another's pace.
 */
export function createDispatcher(parts: {
  leaseManager: LeaseManager;
  sendNextMessage: SendNextMessage;
  deliveries: Pick<DeliveryStore, 'findDue'>;
  concurrency: number;
  clock: Pick<Clock, 'now' | 'sleep'>;
  logger: Logger;
}): Dispatcher {
  const { leaseManager, sendNextMessage, deliveries, clock, logger } = parts;
  const limit = createFairLimit(parts.concurrency);
  const workers = new Map<string, ChannelWorker>();
  const stopped = new AbortController();
  const timers = new Map<number, Promise<void>>();
  const isStopping = () => stopped.signal.aborted;

  async function serve(channelId: string, worker: ChannelWorker): Promise<void> {
    try {
      while (!isStopping()) {
        worker.woken = false;
        const next = await serveOnce(channelId, worker);
        if (worker.woken) continue;
        if (next === undefined) return;
        await sleep(worker, next);
      }
    } finally {
      // At once with the last look at `woken`: whoever wakes the channel from here on finds no lane and opens one.
      workers.delete(channelId);
    }
  }

  /** Once with the lease. @returns when the channel wants to be served again, if at all */
  async function serveOnce(channelId: string, worker: ChannelWorker): Promise<Date | undefined> {
    try {
      const { firstLease } = worker;
      // Asked once: a rejection would be met again at each try.
      worker.firstLease = undefined;
      const lease = await (firstLease ??
        limit(teamIdOf(channelId), () => (isStopping() ? undefined : leaseManager.acquire(channelId))));
      if (lease === undefined) return undefined;
      await worker.ready.promise;
      const next = await sendUntilIdle(lease, worker);
      await leaseManager.release(lease);
      if (next?.isBlocked === true) return next.until;
      return (await hasMoreDue(lease, worker)) ? clock.now() : next?.until;
    } catch (error) {
      logger.error({ err: error, channelId }, 'a channel could not be served; it is tried again');
      return later(clock, errorDelayMs);
    }
  }

  /**
   * Another process that recorded something meanwhile did not get the lease and left it to us. If all of it is another
   * account's, the channel may serve that one by now, which is looked at once; what else there is, recovery ends.
   */
  async function hasMoreDue({ channel: { id, accountId } }: Lease, worker: ChannelWorker): Promise<boolean> {
    const isFirstLook = worker.accountId !== accountId;
    worker.accountId = accountId;
    const due = await deliveries.findDue({ channelId: id, accountId }, clock.now());
    return due === 'own' || (due === 'other' && isFirstLook);
  }

  /** @returns when the channel wants to be served again, and whether nothing is posted before, whatever comes */
  async function sendUntilIdle(
    lease: Lease,
    worker: ChannelWorker,
  ): Promise<{ until: Date; isBlocked: boolean } | undefined> {
    for (;;) {
      worker.woken = false;
      const includeHeld = worker.includesHeld;
      worker.includesHeld = true;
      const result = await limit(teamIdOf(lease.channel.id), () => trySendNext(lease, includeHeld));
      if (result.kind === 'blocked') return { until: result.until, isBlocked: true };
      if (result.kind === 'posted') {
        await waitUntil(result.until);
        if (!worker.woken && !result.more) await waitUntilOrWoken(worker, nextRound());
      }
      const goesOn = worker.woken || (result.kind === 'posted' && result.more);
      if (isStopping() || !goesOn)
        return result.kind === 'waiting' ? { until: result.until, isBlocked: false } : undefined;
    }
  }

  async function trySendNext(lease: Lease, includeHeld: boolean): Promise<SendResult> {
    try {
      if (isStopping() || !(await lease.refresh())) return { kind: 'idle' };
      return await sendNextMessage(unlessStopping(lease), { includeHeld });
    } catch (error) {
      logger.error({ err: error, channelId: lease.channel.id }, 'a turn failed and is taken again');
      return { kind: 'posted', until: later(clock, errorDelayMs), more: true };
    }
  }

  /** A message that still waits for its place at Slack when the dispatcher stops is left to other processes. */
  function unlessStopping(lease: Lease): Lease {
    return {
      get channel() {
        return lease.channel;
      },
      isHeld: () => !isStopping() && lease.isHeld(),
      refresh: () => lease.refresh(),
    };
  }

  function nextRound(): Date {
    return new Date(Math.ceil(clock.now().getTime() / releaseIntervalMs) * releaseIntervalMs);
  }

  /** Until then, whatever comes. */
  function waitUntil(until: Date): Promise<void> {
    const end = Math.ceil(until.getTime() / timerResolutionMs) * timerResolutionMs;
    const known = timers.get(end);
    if (known !== undefined) return known;
    const over = clock.sleep(end - clock.now().getTime(), stopped.signal).finally(() => timers.delete(end));
    timers.set(end, over);
    return over;
  }

  /** For a little while, or until it is woken. */
  function waitUntilOrWoken(worker: ChannelWorker, until: Date): Promise<void> {
    if (isStopping()) return Promise.resolve();
    return new Promise((resolve) => {
      worker.wake = resolve;
      void waitUntil(until).then(resolve);
    });
  }

  /** However long, or until it is woken. */
  function sleep(worker: ChannelWorker, until: Date): Promise<void> {
    if (isStopping()) return Promise.resolve();
    const end = new AbortController();
    worker.wake = () => end.abort();
    return clock.sleep(until.getTime() - clock.now().getTime(), end.signal);
  }

  function startWorker(
    channelId: string,
    expectedChannel?: { mayHold: boolean; lease: ChannelWorker['firstLease'] },
  ): ChannelWorker {
    const worker: ChannelWorker = {
      woken: false,
      ready: createSignal(),
      includesHeld: expectedChannel?.mayHold ?? true,
      accountId: undefined,
      firstLease: expectedChannel?.lease,
      wake() {},
      served: Promise.resolve(),
    };
    workers.set(channelId, worker);
    worker.served = serve(channelId, worker);
    return worker;
  }

  return {
    preacquireLeases(channels) {
      if (isStopping()) return;
      const unserved = channels.filter(({ _id }) => !workers.has(_id));
      if (unserved.length === 0) return;
      const leases = leaseManager.acquireAll(unserved);
      for (const { _id, mayHold } of unserved)
        startWorker(_id, { mayHold, lease: leases.then((taken) => taken.get(_id)) });
    },

    wake(channelIds) {
      if (isStopping()) return;
      for (const channelId of channelIds) {
        const worker = workers.get(channelId);
        if (worker === undefined) startWorker(channelId).ready.trigger();
        else {
          worker.ready.trigger();
          worker.woken = true;
          worker.wake();
        }
      }
    },

    async stop() {
      stopped.abort();
      const left = [...workers.values()];
      for (const { wake, ready } of left) {
        wake();
        ready.trigger();
      }
      await Promise.all(left.map(({ served }) => served));
    },
  };
}

function createSignal(): Signal {
  let trigger = () => {};
  const promise = new Promise<void>((resolve) => {
    trigger = resolve;
  });
  return { promise, trigger };
}
