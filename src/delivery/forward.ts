import type { Clock } from '../clock.ts';
import type { DeliveryStore } from '../store/deliveries.ts';
import { type DeliveryDocument, deliveryKey } from '../store/delivery-document.ts';
import { deliveryRef } from '../store/delivery-ref.ts';
import type { Tenancy } from '../store/tenancy.ts';
import type { Greeter } from './greeter.ts';
import type { FollowUp } from './redecide.ts';

/** How many deliveries are taken along at a time. */
const pageSize = 500;

/**
 * Brings what waits for a channel that was taken out to the one that took its place. A message of the old one may be
 * under way: then nothing is moved, else an alert would be in both.
 *
 * @returns whether all of it was brought
 */
export function createForward(parts: {
  deliveries: DeliveryStore;
  keepAway: Greeter['greet'];
  follow: (followUp: FollowUp) => void;
  clock: Pick<Clock, 'now'>;
}): (from: Tenancy, toId: string) => Promise<boolean> {
  const { deliveries, clock } = parts;

  return (from, toId) =>
    parts.keepAway(from.channelId, async (isAlone, renew) => {
      if (!isAlone) return false;
      while (await renew()) {
        const [pending, held] = await Promise.all([
          deliveries.listPending(from, pageSize),
          deliveries.listHeld(from, pageSize),
        ]);
        const waiting = [...pending, ...held];
        if (waiting.length === 0) return true;
        const moved = waiting.map((delivery) => toMoved(delivery, toId, clock.now()));
        // What was moved away from there before stands there as dropped, and would be taken for done.
        await deliveries.forgetMoved(moved.map(({ _id }) => _id));
        await deliveries.insert(moved);
        const ids = waiting.map(({ _id }) => _id);
        await deliveries.drop(ids, 'moved', clock.now());
        const openings = held.map(({ nextAttemptAt }) => nextAttemptAt).filter((at) => at > clock.now());
        parts.follow({ channelIds: [toId], openings });
      }
      return false;
    });
}

/** What failed in the old channel begins anew. */
function toMoved(delivery: DeliveryDocument, channelId: string, now: Date): DeliveryDocument {
  const _id = deliveryKey(delivery.eventKey, channelId);
  const moved = { ...delivery, _id, channelId, ref: deliveryRef(_id) };
  return delivery.state === 'held' ? moved : { ...moved, attempts: 0, division: null, nextAttemptAt: now };
}
