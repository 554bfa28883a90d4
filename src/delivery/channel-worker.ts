import type { Logger } from 'pino';
import { type Clock, later } from '../lib/clock.ts';
import type { FairLimit } from '../lib/fair-limit.ts';
import type { WaitUntil } from '../lib/shared-timers.ts';
import { minuteMs } from '../lib/time.ts';
import { teamIdOf } from '../store/channels/store.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { KnownChannel, Lease, LeaseManager } from './lease-manager.ts';
import type { SendNextMessage, SendResult } from './send-next-message.ts';
import { nextState, type PreacquiredLease, type WorkerEvent, type WorkerState } from './worker-state.ts';

export type ChannelWorker = {
  /** Looks for due deliveries at once, or as soon as the channel's pace allows. */
  wake(): void;
  /** Updates the channel of its lease, so that deliveries of a new account are not overlooked. */
  update(channel: KnownChannel): void;
  stop(): void;
  /** A worker also stops by itself when nothing is due. */
  stopped: Promise<void>;
};

export type WorkerParts = {
  leaseManager: Pick<LeaseManager, 'acquire' | 'release' | 'offer'>;
  sendNextMessage: SendNextMessage;
  deliveries: Pick<DeliveryStore, 'findDue'>;
  /** Counts the operations of all workers; a waiting worker uses no slot. */
  limit: FairLimit;
  waitUntil: WaitUntil;
  clock: Pick<Clock, 'now' | 'sleep'>;
  logger: Logger;
};

/** The delay after an unexpected error, such as an unavailable database. */
const errorDelayMs = 5000;

/** How far the clock of another process may be ahead without delaying what it recorded. */
const maxClockDifferenceMs = 5 * minuteMs;

/**
 * @param preacquired its first lease; without one, the worker asks for a lease and sends at once
 * @param onStopped called in the same turn of the event loop as the last check for wakes
 */
export function startChannelWorker(
  parts: WorkerParts,
  channelId: string,
  preacquired: PreacquiredLease | undefined,
  onStopped: () => void,
): ChannelWorker {
  const { leaseManager, sendNextMessage, deliveries, limit, waitUntil, clock, logger } = parts;
  const teamId = teamIdOf(channelId);
  let state: WorkerState = { kind: 'acquiring', preacquired, next: 'idle' };
  let interrupt = () => {};
  let lastAccountId: string | null | undefined;
  let foundNothing = false;

  async function run(): Promise<void> {
    while (state.kind !== 'stopped') {
      const event = await perform(state);
      state = nextState(state, event);
    }
    onStopped();
  }

  function signal(event: WorkerEvent): void {
    const { kind } = state;
    state = nextState(state, event);
    if (state.kind !== kind) interrupt();
  }

  function perform(current: Exclude<WorkerState, { kind: 'stopped' }>): Promise<WorkerEvent> {
    switch (current.kind) {
      case 'acquiring':
        return acquire(current.preacquired);
      case 'sending':
        return limit(teamId, () => send(current));
      case 'releasing':
        return release(current);
      default:
        return wait(current);
    }
  }

  async function acquire(preacquired: PreacquiredLease | undefined): Promise<WorkerEvent> {
    try {
      const lease = await (preacquired?.lease ??
        limit(teamId, () => (isStopping() ? undefined : leaseManager.acquire(channelId))));
      return lease === undefined ? { kind: 'unleased', retryAt: undefined } : { kind: 'acquired', lease };
    } catch (error) {
      return retryLater(error);
    }
  }

  async function send({ lease, includeHeld }: WorkerState & { kind: 'sending' }): Promise<WorkerEvent> {
    let result: SendResult = { kind: 'idle' };
    try {
      if (!isStopping() && (await lease.refresh()))
        result = await sendNextMessage(untilStop(lease), { includeHeld });
    } catch (error) {
      logger.error({ err: error, channelId }, 'sending failed and is retried');
      result = { kind: 'posted', until: later(clock, errorDelayMs), more: true };
    }
    foundNothing = result.kind !== 'posted';
    return { kind: 'sent', result };
  }

  /** Leaves a message that waits for a slot when the worker stops to other processes. */
  function untilStop(lease: Lease): Lease {
    return {
      get channel() {
        return lease.channel;
      },
      update: lease.update,
      invalidate: lease.invalidate,
      isHeld: () => !isStopping() && lease.isHeld(),
      refresh: () => lease.refresh(),
    };
  }

  async function release(current: WorkerState & { kind: 'releasing' }): Promise<WorkerEvent> {
    const { lease, retryAt, isBlocked } = current;
    try {
      const isWanted = await leaseManager.release(lease);
      // The other process relied on this one, which no longer looks for due deliveries.
      if (isWanted && isStopping()) await leaseManager.offer(lease.channel.id);
      const shouldLook = (isWanted || foundNothing) && !isBlocked && !isStopping();
      const nextDue = shouldLook ? await findNextDue(lease, isWanted) : undefined;
      return { kind: 'unleased', retryAt: earlier(nextDue, retryAt) };
    } catch (error) {
      return retryLater(error);
    }
  }

  /**
   * Looks for deliveries of a process that could not get the lease. Those of another account count only at
   * the first look: the channel may serve that account now.
   */
  async function findNextDue(
    { channel: { id, accountId } }: Lease,
    isWanted: boolean,
  ): Promise<Date | undefined> {
    const isFirstLook = lastAccountId !== accountId;
    lastAccountId = accountId;
    const now = clock.now();
    // What is due by the other process's clock may not be due by this one's.
    const until = isWanted ? later(clock, maxClockDifferenceMs) : now;
    const { own, other } = await deliveries.findDue({ channelId: id, accountId }, now, until);
    return earlier(own, isFirstLook ? other : undefined);
  }

  async function wait(
    current: WorkerState & { kind: 'ready' | 'pacing' | 'lingering' | 'waiting' },
  ): Promise<WorkerEvent> {
    switch (current.kind) {
      case 'ready':
        await interruption();
        break;
      case 'waiting':
        await sleep(current.until);
        break;
      case 'pacing':
        await waitUntil(current.until);
        break;
      case 'lingering':
        await interruption(waitUntil(current.until));
    }
    return { kind: 'elapsed', now: clock.now() };
  }

  function interruption(end?: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      interrupt = resolve;
      void end?.then(resolve);
    });
  }

  /** Does not use a shared timer, because the wait may last for hours. */
  function sleep(until: Date): Promise<void> {
    const interrupted = new AbortController();
    interrupt = () => interrupted.abort();
    return clock.sleep(until.getTime() - clock.now().getTime(), interrupted.signal);
  }

  function retryLater(error: unknown): WorkerEvent {
    logger.error({ err: error, channelId }, 'a channel could not be served and is retried');
    return { kind: 'unleased', retryAt: later(clock, errorDelayMs) };
  }

  function isStopping(): boolean {
    return 'next' in state && state.next === 'stop';
  }

  return {
    wake: () => signal({ kind: 'woken' }),
    update(channel) {
      if ('lease' in state) state.lease.update(channel);
    },
    stop: () => signal({ kind: 'stop' }),
    stopped: run(),
  };
}

function earlier(a: Date | undefined, b: Date | undefined): Date | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}
