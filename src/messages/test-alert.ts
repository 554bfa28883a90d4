import type { PerlyEvent } from '../domain/event.ts';
import { toAlert } from './alert.ts';
import { assertValidMessage } from './block-kit/validate-message.ts';
import type { WebhookMessage } from './webhook-message.ts';

/**
 * An alert about a customer that does not exist, to see that alerts arrive and what they look like.
 *
 * @param perlyAppUrl an https URL, `PERLY_APP_URL`: where its links lead
 * @param now when it is sent
 */
export function buildTestAlert(perlyAppUrl: string, now: Date): WebhookMessage {
  const event: PerlyEvent = {
    id: 'test',
    type: 'customer_at_risk',
    account_id: 'test',
    occurred_at: now.toISOString(),
    customer: { id: 'test', name: 'Example Inc. (test alert)', url: perlyAppUrl },
    risk_level: 'medium',
    health_score: { current: 54, change: -12 },
    signals: ['This is a test: there is no such customer', 'Alerts about your customers will look like this'],
    suggested_action: 'Nothing to do. Alerts reach this channel',
  };
  return assertValidMessage({ attachments: [toAlert(event)], unfurl_links: false, unfurl_media: false });
}
