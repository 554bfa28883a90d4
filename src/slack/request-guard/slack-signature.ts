import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../lib/clock.ts';

export type SlackSignatureHeaders = { timestamp: string; signature: string };

export type SlackSignatureCheck = {
  /** `undefined` if no body could make the request valid. */
  readHeaders(headers: IncomingHttpHeaders): SlackSignatureHeaders | undefined;
  matches(headers: SlackSignatureHeaders, body: Buffer): boolean;
};

export const toleranceSeconds = 5 * 60;

/**
 * Bolt's own check accepts any future time, so that a captured request would be valid forever.
 * @see https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export function createSlackSignatureCheck(
  signingSecret: string,
  clock: Pick<Clock, 'now'>,
): SlackSignatureCheck {
  return {
    readHeaders(headers) {
      const timestamp = String(headers['x-slack-request-timestamp'] ?? '');
      const signature = String(headers['x-slack-signature'] ?? '');
      if (!/^\d{1,12}$/.test(timestamp) || !/^v0=[\da-f]{64}$/.test(signature)) return undefined;
      if (Math.abs(clock.now().getTime() / 1000 - Number(timestamp)) > toleranceSeconds) return undefined;
      return { timestamp, signature };
    },
    matches({ timestamp, signature }, body) {
      const expected = Buffer.from(signSlackBody(signingSecret, timestamp, body));
      const given = Buffer.from(signature);
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}

/** @param timestamp in seconds since 1970 */
export function signSlackBody(signingSecret: string, timestamp: string, body: Buffer): string {
  const hmac = createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(body);
  return `v0=${hmac.digest('hex')}`;
}
