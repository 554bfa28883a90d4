import type { Logger } from 'pino';
import { type Clock, later } from '../clock.ts';
import { createFairLimit } from '../fair-limit.ts';
import { teamIdOf } from '../store/channels.ts';
import type { DeliveryStore } from '../store/deliveries.ts';
import type { KnownChannel, Lease, LeaseKeeper } from './lease-keeper.ts';
import type { Turn, TurnResult } from './turn.ts';

/** A channel that is about to have something to send. */
export type Expected = KnownChannel & {
  /** Whether its first turn has to look for what it holds as well. */
  mayHold: boolean;
};

export type Dispatcher = {
  /**
   * Has the leases of these channels taken already, with one command that goes at once: they will be woken as soon as
   * something is recorded.
   */
  expect(channels: readonly Expected[]): void;
  /** Has these channels served at once, one message at a time each. */
  wake(channelIds: readonly string[]): void;
  /** Takes up no more turns; resolves when those under way have ended and the leases are given back. */
  stop(): Promise<void>;
};

/** A channel that this process serves, or tries to. */
type Lane = {
  /** Whether something was recorded since it was last looked at. */
  woken: boolean;
  /** Resolves when it is woken for the first time; it may have its lease before, but no turn. */
  firstWoken: Signal;
  /** Whether the next turn is to look for what the channel holds. */
  looksForHeld: boolean;
  /** The account that it served when it was last looked at; `undefined` before that. */
  accountId: string | null | undefined;
  /** Its first lease, if that is being taken together with others'. */
  firstLease: Promise<Lease | undefined> | undefined;
  /** Ends its present sleep, if that ends when it is woken. */
  rouse: () => void;
  served: Promise<void>;
};

type Signal = { given: Promise<void>; give: () => void };

/** How long a channel rests after something threw (the database was away, say). Milliseconds. */
const restMs = 5000;

/**
 * Leases that are not needed any more are given back in rounds, many with one command; a channel that is woken before
 * its round goes on with the one that it has. Milliseconds.
 */
const roundMs = 100;

/** Rests that end this close to each other share a timer. Milliseconds. */
const slotMs = 10;

/**
 * Serves channels: takes a channel's lease, has turn after turn until nothing is due, and gives the lease back. Never
 * two turns at once for one channel, and at most `width` turns at once in all, shared fairly between workspaces. A
 * channel that rests takes up no place, so none waits for another's pace.
 */
export function createDispatcher(parts: {
  keeper: LeaseKeeper;
  turn: Turn;
  deliveries: Pick<DeliveryStore, 'findDue'>;
  width: number;
  clock: Pick<Clock, 'now' | 'sleep'>;
  logger: Logger;
}): Dispatcher {
  const { keeper, turn, deliveries, clock, logger } = parts;
  const limit = createFairLimit(parts.width);
  const lanes = new Map<string, Lane>();
  const stopped = new AbortController();
  const rests = new Map<number, Promise<void>>();
  const isStopping = () => stopped.signal.aborted;

  async function serve(channelId: string, lane: Lane): Promise<void> {
    try {
      while (!isStopping()) {
        lane.woken = false;
        const next = await stint(channelId, lane);
        if (lane.woken) continue;
        if (next === undefined) return;
        await sleep(lane, next);
      }
    } finally {
      // At once with the last look at `woken`: whoever wakes the channel from here on finds no lane and opens one.
      lanes.delete(channelId);
    }
  }

  /** Once with the lease. @returns when the channel wants to be served again, if at all */
  async function stint(channelId: string, lane: Lane): Promise<Date | undefined> {
    try {
      const { firstLease } = lane;
      // Asked once: a rejection would be met again at each try.
      lane.firstLease = undefined;
      const lease = await (firstLease ??
        limit(teamIdOf(channelId), () => (isStopping() ? undefined : keeper.take(channelId))));
      if (lease === undefined) return undefined;
      await lane.firstWoken.given;
      const next = await takeTurns(lease, lane);
      await keeper.giveBack(lease);
      if (next?.isBlocked === true) return next.until;
      return (await isLeftToUs(lease, lane)) ? clock.now() : next?.until;
    } catch (error) {
      logger.error({ err: error, channelId }, 'a channel could not be served; it is tried again');
      return later(clock, restMs);
    }
  }

  /**
   * Another process that recorded something meanwhile did not get the lease and left it to us. If all of it is another
   * account's, the channel may serve that one by now, which is looked at once; what else there is, recovery ends.
   */
  async function isLeftToUs({ channel: { id, accountId } }: Lease, lane: Lane): Promise<boolean> {
    const isFirstLook = lane.accountId !== accountId;
    lane.accountId = accountId;
    const due = await deliveries.findDue({ channelId: id, accountId }, clock.now());
    return due === 'own' || (due === 'other' && isFirstLook);
  }

  /** @returns when the channel wants to be served again, and whether nothing is posted before, whatever comes */
  async function takeTurns(
    lease: Lease,
    lane: Lane,
  ): Promise<{ until: Date; isBlocked: boolean } | undefined> {
    for (;;) {
      lane.woken = false;
      const forHeld = lane.looksForHeld;
      lane.looksForHeld = true;
      const result = await limit(teamIdOf(lease.channel.id), () => takeTurn(lease, forHeld));
      if (result.kind === 'blocked') return { until: result.until, isBlocked: true };
      if (result.kind === 'posted') {
        await rest(result.until);
        if (!lane.woken && !result.more) await doze(lane, nextRound());
      }
      const goesOn = lane.woken || (result.kind === 'posted' && result.more);
      if (isStopping() || !goesOn)
        return result.kind === 'waiting' ? { until: result.until, isBlocked: false } : undefined;
    }
  }

  async function takeTurn(lease: Lease, forHeld: boolean): Promise<TurnResult> {
    try {
      if (isStopping() || !(await lease.refresh())) return { kind: 'idle' };
      return await turn(unlessStopping(lease), { forHeld });
    } catch (error) {
      logger.error({ err: error, channelId: lease.channel.id }, 'a turn failed and is taken again');
      return { kind: 'posted', until: later(clock, restMs), more: true };
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
    return new Date(Math.ceil(clock.now().getTime() / roundMs) * roundMs);
  }

  /** Until then, whatever comes. */
  function rest(until: Date): Promise<void> {
    const end = Math.ceil(until.getTime() / slotMs) * slotMs;
    const known = rests.get(end);
    if (known !== undefined) return known;
    const over = clock.sleep(end - clock.now().getTime(), stopped.signal).finally(() => rests.delete(end));
    rests.set(end, over);
    return over;
  }

  /** For a little while, or until it is woken. */
  function doze(lane: Lane, until: Date): Promise<void> {
    if (isStopping()) return Promise.resolve();
    return new Promise((resolve) => {
      lane.rouse = resolve;
      void rest(until).then(resolve);
    });
  }

  /** However long, or until it is woken. */
  function sleep(lane: Lane, until: Date): Promise<void> {
    if (isStopping()) return Promise.resolve();
    const end = new AbortController();
    lane.rouse = () => end.abort();
    return clock.sleep(until.getTime() - clock.now().getTime(), end.signal);
  }

  function open(channelId: string, expected?: { mayHold: boolean; lease: Lane['firstLease'] }): Lane {
    const lane: Lane = {
      woken: false,
      firstWoken: createSignal(),
      looksForHeld: expected?.mayHold ?? true,
      accountId: undefined,
      firstLease: expected?.lease,
      rouse() {},
      served: Promise.resolve(),
    };
    lanes.set(channelId, lane);
    lane.served = serve(channelId, lane);
    return lane;
  }

  return {
    expect(channels) {
      if (isStopping()) return;
      const unserved = channels.filter(({ _id }) => !lanes.has(_id));
      if (unserved.length === 0) return;
      const leases = keeper.takeAll(unserved);
      for (const { _id, mayHold } of unserved)
        open(_id, { mayHold, lease: leases.then((taken) => taken.get(_id)) });
    },

    wake(channelIds) {
      if (isStopping()) return;
      for (const channelId of channelIds) {
        const lane = lanes.get(channelId);
        if (lane === undefined) open(channelId).firstWoken.give();
        else {
          lane.firstWoken.give();
          lane.woken = true;
          lane.rouse();
        }
      }
    },

    async stop() {
      stopped.abort();
      const left = [...lanes.values()];
      for (const { rouse, firstWoken } of left) {
        rouse();
        firstWoken.give();
      }
      await Promise.all(left.map(({ served }) => served));
    },
  };
}

function createSignal(): Signal {
  let give = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}
