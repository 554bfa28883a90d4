import type { PerlyEvent } from '../domain/event.ts';
import type { Channel } from '../store/channels/document.ts';
import { type DeliveryDocument, deliveryKey } from '../store/deliveries/document.ts';
import type { DeliveryState } from '../store/deliveries/states.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { EventDocument, EventStore } from '../store/events.ts';

export type ActivityItem = {
  event: PerlyEvent;
  receivedAt: Date;
  /** The event's position in the order of arrival, and the cursor of the next page. */
  sequence: number;
  /** A delivery's state, or `suppressed` for an event that the rules suppressed. */
  outcome: DeliveryState | 'suppressed';
  /** The rule that suppressed it, the reason it was dropped, or the error of its last attempt. */
  reason: string | null;
  /** When it was sent or given up, or when its next attempt or digest is due. */
  at: Date | null;
  /** The delivery to retry; `null` if there is none. */
  deliveryId: string | null;
  acknowledgedBy: string | null;
  /** Who undid its acknowledgement. */
  undoneBy: string | null;
  /** When its reminder was due. */
  remindedAt: Date | null;
};

/**
 * Lists a channel's latest events with their outcomes, latest first: the answer to "why did I not see this?".
 * @param before a `sequence`: lists only earlier events
 */
export async function listActivity(
  { events, deliveries }: { events: EventStore; deliveries: DeliveryStore },
  channel: Pick<Channel, '_id' | 'accountId'>,
  { limit, before = Number.MAX_SAFE_INTEGER }: { limit: number; before?: number },
): Promise<ActivityItem[]> {
  if (channel.accountId === null) return [];
  const found = await events.listOfChannel(channel.accountId, channel._id, { before, limit });
  const keys = found.map(({ _id }) => deliveryKey(_id, channel._id));
  const byId = new Map((await deliveries.listByIds(keys)).map((delivery) => [delivery._id, delivery]));
  return found.map((event, index) => toItem(event, channel._id, byId.get(keys[index] ?? '')));
}

function toItem(
  { event, receivedAt, sequence, decisions }: EventDocument,
  channelId: string,
  delivery: DeliveryDocument | undefined,
): ActivityItem {
  const decision = decisions.find((each) => each.channelId === channelId);
  const common = { event, receivedAt, sequence };
  if (delivery !== undefined)
    return {
      ...common,
      outcome: delivery.state,
      reason: delivery.lastError,
      at: delivery.finishedAt ?? delivery.nextAttemptAt,
      deliveryId: delivery._id,
      acknowledgedBy: delivery.acknowledgedBy,
      undoneBy: delivery.acknowledgementUndone?.by ?? null,
      remindedAt: delivery.remindedAt ?? null,
    };
  const reason = decision?.outcome === 'suppress' ? decision.reason : null;
  return {
    ...common,
    outcome: reason === null ? 'pending' : 'suppressed',
    reason,
    at: null,
    deliveryId: null,
    acknowledgedBy: null,
    undoneBy: null,
    remindedAt: null,
  };
}
