import pLimit from 'p-limit';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Turn, TurnResult } from './turn.ts';

export type Dispatcher = {
  /** Has these channels served at once, one message at a time each. */
  wake(channelIds: readonly string[]): void;
  /** Takes up no more turns; resolves when those under way have ended. */
  stop(): Promise<void>;
};

/** A channel that is being served. */
type Lane = {
  /** Whether something was recorded since its last turn began. */
  woken: boolean;
  /** Its present sleep: a `light` one ends when it is woken, a `sound` one only when the dispatcher stops. */
  sleep: { depth: 'light' | 'sound'; end: AbortController } | undefined;
  served: Promise<void>;
};

/** How long a channel rests after a turn that threw (the database was away, say). Milliseconds. */
const restMs = 5000;

/**
 * Serves channels: turn after turn until nothing is left, never two turns at once for one channel, and at most
 * `width` turns at once in all. A channel that rests takes up no place, so none waits for another's pace.
 *
 * This is where a channel gets its one sender within this process.
 */
export function createDispatcher(options: {
  turn: Turn;
  width: number;
  clock: Clock;
  logger: Logger;
}): Dispatcher {
  const { turn, clock, logger } = options;
  const limit = pLimit(options.width);
  const lanes = new Map<string, Lane>();
  let stopping = false;

  async function serve(channelId: string, lane: Lane): Promise<void> {
    try {
      while (!stopping) {
        lane.woken = false;
        const result = await limit(() => takeTurn(channelId));
        if (result.kind === 'posted') await sleep(lane, 'sound', result.until);
        else if (result.kind === 'waiting' && !lane.woken) await sleep(lane, 'light', result.until);
        const isDone = result.kind === 'idle' || (result.kind === 'posted' && !result.more);
        if (isDone && !lane.woken) return;
      }
    } finally {
      // At once with the last look at `woken`: whoever wakes the channel from here on finds no lane and opens one.
      lanes.delete(channelId);
    }
  }

  async function takeTurn(channelId: string): Promise<TurnResult> {
    try {
      return stopping ? { kind: 'idle' } : await turn(channelId);
    } catch (error) {
      logger.error({ err: error, channelId }, 'a turn failed and will be taken again');
      return { kind: 'posted', until: new Date(clock.now().getTime() + restMs), more: true };
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
