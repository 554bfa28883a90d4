import type { Logger } from 'pino';
import type { Clock } from '../lib/clock.ts';
import { groupBy } from '../lib/group-by.ts';
import type { DeliveryDocument } from '../store/deliveries/document.ts';
import type { EndReason } from '../store/deliveries/states.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import { receivedAt } from '../store/events.ts';
import { afterRetention } from '../store/retention.ts';

type Parts = {
  deliveries: Pick<DeliveryStore, 'requeueHeld' | 'fail'>;
  clock: Pick<Clock, 'now'>;
  logger: Logger;
};

/** Fails pending and held deliveries whose events are no longer stored, so that they do not block others. */
export async function giveUp(
  { deliveries, clock, logger }: Parts,
  channelId: string,
  orphans: readonly DeliveryDocument[],
): Promise<void> {
  if (orphans.length === 0) return;
  const now = clock.now();
  logger.error(
    { channelId, deliveries: orphans.length },
    'deliveries whose events are no longer stored were given up',
  );
  for (const [reason, some] of groupBy(orphans, (delivery) => reasonOf(delivery, now))) {
    const ids = some.map(({ _id }) => _id);
    await deliveries.requeueHeld(ids, now);
    await deliveries.fail(ids, now, reason);
  }
}

function reasonOf(delivery: DeliveryDocument, now: Date): EndReason {
  return afterRetention(receivedAt(delivery)) <= now ? 'event_expired' : 'event_missing';
}
