import { createHmac } from 'node:crypto';

/**
 * The signature headers of Slack's requests (https://docs.slack.dev/authentication/verifying-requests-from-slack).
 * @param at milliseconds since 1970
 */
export function signatureHeaders(signingSecret: string, body: string, at: number): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000));
  const signature = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${signature}` };
}
