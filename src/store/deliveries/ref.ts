import { hash } from 'node:crypto';

/**
 * A short name for a delivery, to find it by from a message, whatever the workspace and the channel are called in the
 * click: 16 characters of base64url, or 96 bits, of its id.
 *
 * @param id the delivery's `_id`
 */
export function deliveryRef(id: string): string {
  return hash('sha256', id, 'base64url').slice(0, 16);
}
