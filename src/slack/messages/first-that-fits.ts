import { assertFits, brokenLimits } from './fits.ts';
import type { Detail } from './two-blocks.ts';
import type { WebhookMessage } from './webhook-message.ts';

/**
 * The message with as much detail as Slack takes.
 *
 * @throws AppError `message_over_limits` if it takes none of them
 */
export function firstThatFits(build: (detail: Detail) => WebhookMessage): WebhookMessage {
  for (const detail of ['whole', 'short'] as const) {
    const message = build(detail);
    if (brokenLimits(message).length === 0) return message;
  }
  return assertFits(build('bare'));
}
