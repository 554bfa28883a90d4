import type { PerlyEvent } from '../perly/event.ts';
import type { Arrivals } from '../slack/messages/ordering-time.ts';
import type { DeliveryDocument } from '../store/delivery-document.ts';
import { type EventStore, receivedAt } from '../store/events.ts';

/** A delivery with its event. */
export type Pair = { delivery: DeliveryDocument; event: PerlyEvent };

/** Deliveries with their events, in the same order, and those whose events expired. */
export async function withEvents(
  events: Pick<EventStore, 'listContents'>,
  deliveries: readonly DeliveryDocument[],
): Promise<{ pairs: Pair[]; orphans: DeliveryDocument[] }> {
  const found = await events.listContents(deliveries.map(({ eventKey }) => eventKey));
  const pairs: Pair[] = [];
  const orphans: DeliveryDocument[] = [];
  for (const delivery of deliveries) {
    const event = found.get(delivery.eventKey);
    if (event === undefined) orphans.push(delivery);
    else pairs.push({ delivery, event });
  }
  return { pairs, orphans };
}

/** When the events came. */
export function arrivalsOf(pairs: readonly Pair[]): Arrivals {
  return new Map(pairs.map(({ delivery, event }) => [event.id, receivedAt(delivery)]));
}
