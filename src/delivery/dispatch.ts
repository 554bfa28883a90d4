import pLimit from 'p-limit';
import type { Logger } from 'pino';
import { type Clock, later } from '../clock.ts';
import type { DeliveryStore } from '../store/deliveries.ts';
import type { Lease, LeaseKeeper } from './lease-keeper.ts';
import type { Turn, TurnResult } from './turn.ts';

export type Dispatcher = {
  /** Has these channels served at once, one message at a time each. */
  wake(channelIds: readonly string[]): void;
  /** Takes up no more turns; resolves when those under way have ended and the leases are given back. */
  stop(): Promise<void>;
};

/** A channel that this process serves, or tries to. */
type Lane = {
  /** Whether something was recorded since it was last looked at. */
  woken: boolean;
  /** Its present sleep: a `light` one ends when it is woken, a `sound` one only when the dispatcher stops. */
  sleep: { depth: 'light' | 'sound'; end: AbortController } | undefined;
  served: Promise<void>;
};

/** How long a channel rests after something threw (the database was away, say). Milliseconds. */
const restMs = 5000;

/**
 * Serves channels: takes a channel's lease, has turn after turn until nothing is due, and gives the lease back. Never
 * two turns at once for one channel, and at most `width` turns at once in all. A channel that rests takes up no place,
 * so none waits for another's pace.
 */
export function createDispatcher(parts: {
  keeper: LeaseKeeper;
  turn: Turn;
  deliveries: Pick<DeliveryStore, 'hasDue'>;
  width: number;
  clock: Pick<Clock, 'now' | 'sleep'>;
  logger: Logger;
}): Dispatcher {
  const { keeper, turn, deliveries, clock, logger } = parts;
  const limit = pLimit(parts.width);
  const lanes = new Map<string, Lane>();
  let stopping = false;

  async function serve(channelId: string, lane: Lane): Promise<void> {
    try {
      while (!stopping) {
        lane.woken = false;
        const next = await stint(channelId, lane);
        if (lane.woken) continue;
        if (next === undefined) return;
        await sleep(lane, 'light', next);
      }
    } finally {
      // At once with the last look at `woken`: whoever wakes the channel from here on finds no lane and opens one.
      lanes.delete(channelId);
    }
  }

  /** Once with the lease. @returns when the channel wants to be served again, if at all */
  async function stint(channelId: string, lane: Lane): Promise<Date | undefined> {
    try {
      const lease = await limit(() => (stopping ? undefined : keeper.take(channelId)));
      if (lease === undefined) return undefined;
      const next = await takeTurns(lease, lane);
      await keeper.giveBack(lease);
      // Another process that recorded something meanwhile did not get the lease and left it to us: look once more.
      return (await deliveries.hasDue(channelId, clock.now())) ? clock.now() : next;
    } catch (error) {
      logger.error({ err: error, channelId }, 'a channel could not be served; it is tried again');
      return later(clock, restMs);
    }
  }

  async function takeTurns(lease: Lease, lane: Lane): Promise<Date | undefined> {
    for (;;) {
      lane.woken = false;
      const result = await limit(() => takeTurn(lease));
      if (result.kind === 'posted') await sleep(lane, 'sound', result.until);
      const goesOn = lane.woken || (result.kind === 'posted' && result.more);
      if (stopping || !goesOn) return result.kind === 'waiting' ? result.until : undefined;
    }
  }

  async function takeTurn(lease: Lease): Promise<TurnResult> {
    try {
      return stopping ? { kind: 'idle' } : await turn(lease);
    } catch (error) {
      logger.error({ err: error, channelId: lease.channel.id }, 'a turn failed and is taken again');
      return { kind: 'posted', until: later(clock, restMs), more: true };
    }
  }

  async function sleep(lane: Lane, depth: 'light' | 'sound', until: Date): Promise<void> {
    if (stopping) return;
    const end = new AbortController();
    lane.sleep = { depth, end };
    await clock.sleep(until.getTime() - clock.now().getTime(), end.signal);
    lane.sleep = undefined;
  }

  return {
    wake(channelIds) {
      if (stopping) return;
      for (const channelId of channelIds) {
        const lane = lanes.get(channelId);
        if (lane === undefined) {
          const opened: Lane = { woken: false, sleep: undefined, served: Promise.resolve() };
          lanes.set(channelId, opened);
          opened.served = serve(channelId, opened);
        } else {
          lane.woken = true;
          if (lane.sleep?.depth === 'light') lane.sleep.end.abort();
        }
      }
    },

    async stop() {
      stopping = true;
      const open = [...lanes.values()];
      for (const { sleep } of open) sleep?.end.abort();
      await Promise.all(open.map(({ served }) => served));
    },
  };
}
