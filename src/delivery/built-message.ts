import type { WebhookMessage } from '../messages/webhook-message.ts';
import type { DeliveryDocument } from '../store/deliveries/document.ts';

export type BuiltMessage = {
  message: WebhookMessage;
  deliveries: DeliveryDocument[];
  /** The number of alerts, or of customers in a digest. */
  entries: number;
  isPlain: boolean;
  more: boolean;
};

/**
 * `outdated`: rules or mutes changed since the decisions. `acknowledged`: reminders that a dead process left.
 */
export type NextMessage =
  | { kind: 'nothing' }
  | { kind: 'outdated' }
  | { kind: 'not yet'; until: Date }
  | { kind: 'orphans'; deliveries: DeliveryDocument[] }
  | { kind: 'acknowledged'; deliveries: DeliveryDocument[] }
  | { kind: 'batch'; built: BuiltMessage };
