import type { WebhookMessage } from '../messages/webhook-message.ts';
import type { DeliveryDocument } from '../store/deliveries/document.ts';

/** A message, ready to be posted. */
export type BuiltMessage = {
  message: WebhookMessage;
  /** What is done with it. */
  deliveries: DeliveryDocument[];
  /** How many alerts, or customers of a digest, it tells: into how many it can be divided. */
  entries: number;
  isPlain: boolean;
  /** Whether something is left behind it. */
  more: boolean;
};

/**
 * What there is to send: nothing at all, nothing before an instant, deliveries without their events, or a batch;
 * `outdated` when something of it was decided by rules or mutes that changed.
 */
export type NextMessage =
  | { kind: 'nothing' }
  | { kind: 'outdated' }
  | { kind: 'not yet'; until: Date }
  | { kind: 'orphans'; deliveries: DeliveryDocument[] }
  | { kind: 'batch'; built: BuiltMessage };
