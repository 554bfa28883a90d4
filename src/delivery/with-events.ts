import type { PerlyEvent } from '../domain/event.ts';
import type { Arrivals } from '../messages/customer-state.ts';
import type { DeliveryDocument } from '../store/deliveries/document.ts';
import { type EventStore, receivedAt } from '../store/events.ts';

export type DeliveryWithEvent = { delivery: DeliveryDocument; event: PerlyEvent };

/** Returns deliveries with their events, in the same order, and separately those whose events are no longer stored. */
export async function withEvents(
  events: Pick<EventStore, 'listContents'>,
  deliveries: readonly DeliveryDocument[],
): Promise<{ pairs: DeliveryWithEvent[]; orphans: DeliveryDocument[] }> {
  const found = await events.listContents(deliveries.map(({ eventKey }) => eventKey));
  const pairs: DeliveryWithEvent[] = [];
  const orphans: DeliveryDocument[] = [];
  for (const delivery of deliveries) {
    const event = found.get(delivery.eventKey);
    if (event === undefined) orphans.push(delivery);
    else pairs.push({ delivery, event });
  }
  return { pairs, orphans };
}

export function arrivalsOf(pairs: readonly DeliveryWithEvent[]): Arrivals {
  return new Map(pairs.map(({ delivery, event }) => [event.id, receivedAt(delivery)]));
}
