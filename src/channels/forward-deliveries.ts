import type { NextSteps } from '../delivery/reevaluate-held.ts';
import { withoutClaims } from '../delivery/repeats.ts';
import type { SendingLock } from '../delivery/sending-lock.ts';
import type { Clock } from '../lib/clock.ts';
import { type DeliveryDocument, deliveryKey, deliveryRef } from '../store/deliveries/document.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { Tenancy } from '../store/tenancy.ts';

const pageSize = 500;

/**
 * Moves what waits, and what failed and may be retried by hand. Moves nothing while the old channel sends a message,
 * whose alerts would end up in both.
 * @returns whether all were moved
 */
export function createDeliveryForwarder(parts: {
  deliveries: DeliveryStore;
  withSendingPaused: SendingLock['withSendingPaused'];
  scheduleNext: (nextSteps: NextSteps) => void;
  clock: Pick<Clock, 'now'>;
}): (from: Tenancy, toId: string) => Promise<boolean> {
  const { deliveries, clock } = parts;

  return (from, toId) =>
    parts.withSendingPaused(from.channelId, async (acquired, renew) => {
      if (!acquired) return false;
      while (await renew()) {
        // Failed ones first: what somebody retries meanwhile is found among the pending ones.
        const failed = await deliveries.listFailedPage(from, undefined, pageSize);
        const [pending, held] = await Promise.all([
          deliveries.listPending(from, pageSize),
          deliveries.listHeld(from, pageSize),
        ]);
        const waiting = [...pending, ...held];
        if (failed.length + waiting.length === 0) return true;
        // A reminder belongs to an alert in the old channel.
        const alerts = [...waiting, ...failed].filter(({ reminder }) => reminder === undefined);
        const moved = alerts.map((delivery) => toMoved(delivery, toId, clock.now()));
        // The new channel may have dropped the same alert when it was moved or disconnected; that would block it.
        await deliveries.forgetEnded(moved.map(({ _id }) => _id));
        await deliveries.insert(moved);
        await deliveries.drop(toIds(waiting), 'moved', clock.now());
        await deliveries.dismiss(toIds(failed), 'moved', clock.now());
        const openings = held.map(({ nextAttemptAt }) => nextAttemptAt).filter((at) => at > clock.now());
        parts.scheduleNext({ channelIds: [toId], openings });
      }
      return false;
    });
}

function toMoved(delivery: DeliveryDocument, channelId: string, now: Date): DeliveryDocument {
  const _id = deliveryKey(delivery.eventKey, channelId);
  // The claims belong to the old channel.
  const moved = { ...withoutClaims(delivery), _id, channelId, ref: deliveryRef(_id) };
  return delivery.state === 'pending' ? { ...moved, attempts: 0, split: null, nextAttemptAt: now } : moved;
}

function toIds(deliveries: readonly DeliveryDocument[]): string[] {
  return deliveries.map(({ _id }) => _id);
}
