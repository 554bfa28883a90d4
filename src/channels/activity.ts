import type { PerlyEvent } from '../domain/event.ts';
import type { Channel } from '../store/channels/document.ts';
import { type DeliveryDocument, deliveryKey } from '../store/deliveries/document.ts';
import type { DeliveryState } from '../store/deliveries/states.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { EventDocument, EventStore } from '../store/events.ts';

/** What became of one event in a channel. */
export type ActivityItem = {
  event: PerlyEvent;
  receivedAt: Date;
  /** The event's place in the order of arrival: where the next page begins. */
  sequence: number;
  /** A delivery's state, or `suppressed` for an event that the rules kept back. */
  outcome: DeliveryState | 'suppressed';
  /** Which rule kept it back, why it was dropped, or what its last try failed of. */
  reason: string | null;
  /** When it was sent or given up, or when it will be tried or its digest opens. */
  at: Date | null;
  /** To retry it by; `null` for one that was never to be sent. */
  deliveryId: string | null;
  /** The Slack user who acknowledged the alert. */
  acknowledgedBy: string | null;
};

/**
 * A channel's latest events, the latest first, with what became of each: the answer to "why did I not see this?".
 *
 * @param before a `sequence`: only what came before it
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
    };
  const reason = decision?.outcome === 'suppress' ? decision.reason : null;
  return {
    ...common,
    outcome: reason === null ? 'pending' : 'suppressed',
    reason,
    at: null,
    deliveryId: null,
    acknowledgedBy: null,
  };
}
