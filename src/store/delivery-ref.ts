import { hash } from 'node:crypto';

/**
 * A short name for an event's delivery, to find it by from a message in its channel: 16 characters of base64url, or 96
 * bits, of the event's key, whatever that holds.
 */
export function deliveryRef(eventKey: string): string {
  return hash('sha256', eventKey, 'base64url').slice(0, 16);
}
