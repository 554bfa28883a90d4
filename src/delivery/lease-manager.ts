import type { Logger } from 'pino';
import type { Clock } from '../lib/clock.ts';
import type { SendableChannel, ServingChannel } from '../store/channels/document.ts';
import type { ChannelStore } from '../store/channels/store.ts';
import { isUndecryptable } from '../store/keyring.ts';
import type { LeaseStore } from '../store/leases.ts';
import { noopObserver, type Observer } from './observer.ts';
import { maxChannelAgeMs, readFresh } from './read-fresh.ts';
import { slackPaceMs } from './retry-schedule.ts';

/** Lifetime without renewal. A process's death delays its channels by this plus one heartbeat. */
export const leaseTtlMs = 20_000;

const heartbeatMs = 5000;

/** Younger leases are not renewed, because most are released before. */
const renewAfterMs = heartbeatMs / 2;

export type Lease = {
  channel: SendableChannel;
  /** True if a message that starts now will end before another process could get the lease. */
  isHeld(): boolean;
  /** Reads the channel again if it was read too long ago. @returns false if nothing can be sent to it any more */
  refresh(): Promise<boolean>;
  /** Uses a channel that was read for another purpose, unless the lease's own was read later. */
  update(channel: KnownChannel): void;
  /** Makes the next `refresh` read the channel again. */
  invalidate(): void;
};

export type KnownChannel = Pick<ServingChannel, '_id' | 'toSendable'> & {
  /** When the channel was read, by the monotonic clock. */
  readAt: number;
};

export type LeaseManager = {
  /** @returns `undefined` if another process serves the channel, or it is not active */
  acquire(channelId: string): Promise<Lease | undefined>;
  /** Acquires the leases of channels that were just read. @returns them by channel id */
  acquireAll(channels: readonly KnownChannel[]): Promise<Map<string, Lease>>;
  /** @returns whether another process wanted it meanwhile, and so relies on this one to look for what is due */
  release(lease: Lease): Promise<boolean>;
  /** Hands a released channel to another process that wanted it, since this process stops. */
  offer(channelId: string): Promise<void>;
  /** Makes the next `refresh` of the channel's lease read the channel again, if this process has or acquires it. */
  invalidate(channelId: string): void;
  start(onAbandoned: (channelIds: string[]) => void): void;
  stop(): Promise<void>;
};

/**
 * Renews leases with one write per heartbeat. By its monotonic clock, they end earlier than in the database.
 * @param parts.paceMs how long a lease is kept after a change of accounts
 */
export function createLeaseManager(parts: {
  leases: LeaseStore;
  channels: Pick<ChannelStore, 'findSendable'>;
  maxPostMs: number;
  paceMs?: number;
  clock: Pick<Clock, 'monotonic' | 'sleep'>;
  observer?: Observer;
  logger: Logger;
}): LeaseManager {
  const { leases, channels, maxPostMs, paceMs = slackPaceMs, clock, observer = noopObserver, logger } = parts;
  /**
   * Maximum age of a channel when its lease is acquired. A change of accounts keeps the lease for `paceMs`,
   * so a channel that is younger than that was read after the change.
   */
  const maxAgeAtLeaseMs = 0.9 * paceMs;
  const endsAt = new Map<string, number>();
  const held = new Map<string, Lease>();
  /** When any channel was last invalidated, by the monotonic clock; its lease may not be acquired yet. */
  let lastInvalidatedAt = Number.NEGATIVE_INFINITY;
  const stopped = new AbortController();
  let isStopping = false;
  let heartbeats: Promise<void> = Promise.resolve();

  async function renew(): Promise<void> {
    const requestedAt = clock.monotonic();
    const old = requestedAt + leaseTtlMs - renewAfterMs;
    const ids = [...endsAt].flatMap(([id, end]) => (end <= old ? [id] : []));
    if (ids.length === 0) return;
    const kept = await leases.renew(ids);
    let lost = 0;
    for (const id of ids) {
      if (!endsAt.has(id)) continue;
      if (kept.has(id)) endsAt.set(id, requestedAt + leaseTtlMs);
      else {
        endsAt.delete(id);
        lost += 1;
      }
    }
    if (lost === 0) return;
    observer.leasesLost(lost);
    logger.warn({ channels: lost }, 'leases expired before they were renewed');
  }

  async function heartbeat(onAbandoned: (channelIds: string[]) => void): Promise<void> {
    while (!stopped.signal.aborted) {
      try {
        await renew();
        const abandoned = isStopping ? [] : await leases.listAbandoned();
        if (abandoned.length > 0) {
          logger.warn({ channels: abandoned.length }, 'taking over the channels of a process that ended');
          observer.takenOver(abandoned.length);
          onAbandoned(abandoned);
        }
      } catch (error) {
        logger.error({ err: error }, 'leases could not be renewed');
      }
      await clock.sleep(heartbeatMs, stopped.signal);
    }
  }

  /** @returns `undefined` also if the webhook URL cannot be decrypted; recovery checks it again */
  async function findReadable(channelId: string): Promise<SendableChannel | undefined> {
    try {
      return await channels.findSendable(channelId);
    } catch (error) {
      if (!isUndecryptable(error)) throw error;
      logger.error(
        { err: error, channelId },
        'the webhook URL of a channel cannot be decrypted, so its alerts wait',
      );
      return undefined;
    }
  }

  function release(channelId: string): Promise<boolean> {
    endsAt.delete(channelId);
    held.delete(channelId);
    return leases.release([channelId]);
  }

  async function offer(channelIds: readonly string[]): Promise<void> {
    isStopping = true;
    await leases.offer(channelIds);
  }

  async function releaseAll(channelIds: readonly string[]): Promise<void> {
    const areWanted = await Promise.all(channelIds.map((id) => leases.release([id])));
    const wanted = channelIds.filter((_, index) => areWanted[index]);
    if (wanted.length > 0) await offer(wanted);
  }

  /** `requestedAt` and `readAt` are by the monotonic clock. */
  async function toLease(
    id: string,
    channel: SendableChannel | undefined,
    requestedAt: number,
    readAt: number,
  ): Promise<Lease | undefined> {
    endsAt.set(id, requestedAt + leaseTtlMs);
    if (channel === undefined) {
      await release(id);
      return undefined;
    }
    let validFrom = clock.monotonic();
    const isReliable = validFrom - readAt < maxAgeAtLeaseMs && readAt > lastInvalidatedAt;
    let knownAt = isReliable ? readAt : Number.NEGATIVE_INFINITY;
    const lease: Lease = {
      channel,
      isHeld: () => clock.monotonic() + maxPostMs < (endsAt.get(id) ?? Number.NEGATIVE_INFINITY),
      async refresh() {
        if (clock.monotonic() - knownAt < maxChannelAgeMs) return true;
        const found = await readFresh(
          clock,
          () => findReadable(id),
          () => validFrom,
        );
        if (found?.value === undefined) return false;
        // `update` was called meanwhile with a channel that was read later.
        if (found.readAt < knownAt) return true;
        lease.channel = found.value;
        knownAt = found.readAt;
        return true;
      },
      update(known) {
        const isNewer = known.readAt > Math.max(knownAt, validFrom);
        const sendable = isNewer ? openSendable(known) : undefined;
        if (sendable === undefined) return;
        lease.channel = sendable;
        knownAt = known.readAt;
      },
      invalidate() {
        knownAt = Number.NEGATIVE_INFINITY;
        validFrom = clock.monotonic();
      },
    };
    held.set(id, lease);
    return lease;
  }

  return {
    async acquire(channelId) {
      const requestedAt = clock.monotonic();
      // Concurrently, for speed: a webhook that is replaced at the same time still works.
      const [isTaken, channel] = await Promise.all([leases.acquire(channelId), findReadable(channelId)]);
      return isTaken ? toLease(channelId, channel, requestedAt, requestedAt) : undefined;
    },

    async acquireAll(known) {
      const requestedAt = clock.monotonic();
      const acquired = await leases.acquireAll(known.map(({ _id }) => _id));
      const found = new Map<string, Lease>();
      for (const channel of known) {
        const { _id } = channel;
        const lease = acquired.has(_id)
          ? await toLease(_id, openSendable(channel), requestedAt, channel.readAt)
          : undefined;
        if (lease !== undefined) found.set(_id, lease);
      }
      return found;
    },

    release: ({ channel }) => release(channel.id),

    offer: (channelId) => offer([channelId]),

    invalidate(channelId) {
      lastInvalidatedAt = clock.monotonic();
      held.get(channelId)?.invalidate();
    },

    start(onAbandoned) {
      heartbeats = heartbeat(onAbandoned);
    },

    async stop() {
      stopped.abort();
      await heartbeats;
      const left = [...endsAt.keys()];
      if (left.length === 0) return;
      await releaseAll(left).catch((error: unknown) => {
        logger.warn({ err: error, channels: left.length }, 'leases were not released and will expire');
      });
    },
  };
}

/** @returns `undefined` also for a webhook URL that cannot be decrypted; acquiring the lease alone logs that */
function openSendable({ toSendable }: KnownChannel): SendableChannel | undefined {
  try {
    return toSendable();
  } catch (error) {
    if (isUndecryptable(error)) return undefined;
    throw error;
  }
}
