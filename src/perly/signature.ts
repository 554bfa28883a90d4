import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import type { Clock } from '../clock.ts';
import { Problem, unauthorized } from './problem.ts';

/** Verifies a body and gives it back as text. @throws Problem 401, or 400 when the body is not UTF-8 */
export type SignatureCheck = (body: Buffer, headers: IncomingHttpHeaders) => string;

/** As the specification has it, and the library does. */
const toleranceSeconds = 5 * 60;

/**
 * Standard Webhooks: HMAC-SHA256 over id, timestamp and the raw bytes.
 *
 * @param secrets `whsec_…`; a signature by any of them will do, so that a secret can be changed without a gap
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function createSignatureCheck(secrets: readonly string[], clock: Pick<Clock, 'now'>): SignatureCheck {
  const webhooks = secrets.map((secret) => new Webhook(secret));

  return (body, headers) => {
    // Two broken bytes would read as the same character, and what is verified would not be what was signed.
    if (!isUtf8(body)) throw new Problem(400, 'not_json', 'Not JSON', 'The body is not UTF-8.');
    const text = body.toString('utf8');
    const signed = {
      'webhook-id': String(headers['webhook-id'] ?? ''),
      'webhook-timestamp': String(headers['webhook-timestamp'] ?? ''),
      'webhook-signature': String(headers['webhook-signature'] ?? ''),
    };
    const missing = Object.entries(signed).find(([, value]) => value === '')?.[0];
    if (missing !== undefined) throw refuse(`The header ${missing} is missing.`);
    if (!isRecent(signed['webhook-timestamp'], clock.now()))
      throw refuse(
        'The webhook-timestamp (seconds since 1970) is not within five minutes of now. Sign each retry anew.',
      );
    if (webhooks.some((webhook) => matches(webhook, text, signed))) return text;
    throw refuse('The signature does not match the body. Sign the raw bytes with the current secret.');
  };
}

function isRecent(timestamp: string, now: Date): boolean {
  return (
    /^\d{1,12}$/.test(timestamp) && Math.abs(now.getTime() / 1000 - Number(timestamp)) <= toleranceSeconds
  );
}

function matches(webhook: Webhook, text: string, headers: Record<string, string>): boolean {
  try {
    webhook.verify(text, headers, { jsonParse: false });
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false;
    throw error;
  }
}

function refuse(detail: string): Problem {
  const challenge = 'StandardWebhooks realm="perly-slack"';
  return unauthorized('signature_invalid', 'The signature is missing or wrong', detail, challenge);
}
