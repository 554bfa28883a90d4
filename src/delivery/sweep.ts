import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { ChannelStore } from '../store/channels.ts';
import type { DeliveryStore } from '../store/deliveries.ts';
import type { LeaseStore } from '../store/leases.ts';
import { releaseMissed } from './missed.ts';

/** Picks up what was left behind. Running it twice, late, or in two processes at once does no harm. */
export type Sweep = () => Promise<void>;

/**
 * Finds the channels that have something due and no living process that serves them, and wakes them here. It also
 * ends what a crash left half done: held deliveries of a channel that is back, pending ones of a channel that broke.
 */
export function createSweep(parts: {
  channels: ChannelStore;
  deliveries: DeliveryStore;
  leases: LeaseStore;
  wake: (channelIds: readonly string[]) => void;
  clock: Pick<Clock, 'now'>;
  logger: Logger;
}): Sweep {
  const { channels, deliveries, leases, clock, logger } = parts;

  return async () => {
    const [due, held] = await Promise.all([
      deliveries.listDueChannels(clock.now()),
      deliveries.listHeldChannels(),
    ]);
    const found = await channels.listByIds([...new Set([...due, ...held])]);
    const isHeld = new Set(held);
    for (const { _id, status, connectedAt } of found) {
      if (status === 'broken') await deliveries.hold(_id, clock.now());
      else if (isHeld.has(_id)) await releaseMissed(parts, _id, connectedAt);
    }
    const free = await leases.listFree(
      found.filter(({ status }) => status === 'active').map(({ _id }) => _id),
    );
    if (free.length > 0) logger.info({ channels: free.length }, 'taking up what was left behind');
    parts.wake(free);
  };
}
