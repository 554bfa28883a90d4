import type { Channel } from '../channels/document.ts';
import type { DeliveryDocument } from '../deliveries/document.ts';
import { deliveryRef } from '../deliveries/ref.ts';
import { fromEventKey } from '../events.ts';

// What a process of version 1 writes beside this one is read like this until it is mended, which takes a minute.

type NewInDeliveries = 'accountId' | 'digest' | 'rulesEpoch' | 'ref' | 'acknowledgedBy' | 'acknowledgedAt';

/**
 * A delivery as version 2 has it. One that version 1 put into a digest goes out as an alert if its turn comes before
 * it is mended: no query would find it by its digest yet.
 */
export function readDelivery(
  found: DeliveryDocument | Omit<DeliveryDocument, NewInDeliveries>,
): DeliveryDocument {
  if ('digest' in found) return found;
  return {
    ...found,
    digest: found.state === 'held' ? 'broken' : null,
    rulesEpoch: 0,
    accountId: fromEventKey(found.eventKey).accountId,
    ref: deliveryRef(found._id),
    acknowledgedBy: null,
    acknowledgedAt: null,
  };
}

type NewInChannels =
  | 'version'
  | 'rulesEpoch'
  | 'needsReevaluation'
  | 'brokenAt'
  | 'servesSince'
  | 'expiresAt';

/** A channel as version 2 has it. */
export function readChannel(found: Channel | Omit<Channel, NewInChannels>): Channel {
  if ('version' in found) return found;
  return {
    version: 0,
    rulesEpoch: 0,
    needsReevaluation: false,
    brokenAt: null,
    servesSince: found.createdAt,
    expiresAt: null,
    ...found,
  };
}
