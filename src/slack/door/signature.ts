import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../clock.ts';

/** Whether Slack signed a body, not more than five minutes ago and not more than five minutes ahead. */
export type SlackSignatureCheck = (body: Buffer, headers: IncomingHttpHeaders) => boolean;

const toleranceSeconds = 5 * 60;

/**
 * Bolt's own check takes any time to come, so that a request that was caught once would be good for ever.
 *
 * @see https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export function createSlackSignatureCheck(
  signingSecret: string,
  clock: Pick<Clock, 'now'>,
): SlackSignatureCheck {
  return (body, headers) => {
    const timestamp = String(headers['x-slack-request-timestamp'] ?? '');
    if (!/^\d{1,12}$/.test(timestamp)) return false;
    if (Math.abs(clock.now().getTime() / 1000 - Number(timestamp)) > toleranceSeconds) return false;
    const expected = Buffer.from(signSlackBody(signingSecret, timestamp, body));
    const given = Buffer.from(String(headers['x-slack-signature'] ?? ''));
    return given.length === expected.length && timingSafeEqual(given, expected);
  };
}

/** The `X-Slack-Signature` of a body. @param timestamp seconds since 1970, as in `X-Slack-Request-Timestamp` */
export function signSlackBody(signingSecret: string, timestamp: string, body: Buffer): string {
  const hmac = createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(body);
  return `v0=${hmac.digest('hex')}`;
}
