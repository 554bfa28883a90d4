import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../lib/clock.ts';
import { type Problem, unauthorized } from './problem.ts';
import { listSignatures, matchesSignature, toWebhookKey } from './standard-webhooks.ts';

/** What the headers of a signed request say, before its body was looked at. */
type SignatureHeaders = { id: string; timestamp: number; signatures: readonly string[] };

export type SignatureCheck = {
  /** Refuses what cannot become right, whatever the body is. @throws Problem 401 */
  readHeaders(headers: IncomingHttpHeaders): SignatureHeaders;
  /** @throws Problem 401 unless one of the signatures is over these bytes */
  checkBody(headers: SignatureHeaders, body: Buffer): void;
};

/** As the specification has it. */
const toleranceSeconds = 5 * 60;

/**
 * Checks signatures of Standard Webhooks.
 *
 * @param secrets `whsec_…`; a signature by any of them will do, so that a secret can be changed without a gap
 */
export function createSignatureCheck(secrets: readonly string[], clock: Pick<Clock, 'now'>): SignatureCheck {
  const keys = secrets.map(toWebhookKey);

  return {
    readHeaders(headers) {
      const [id, timestamp, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(
        (name) => {
          const value = String(headers[name] ?? '');
          if (value === '') throw refuse(`The header ${name} is missing.`);
          return value;
        },
      ) as [string, string, string];
      if (!isRecent(timestamp, clock.now()))
        throw refuse(
          'The webhook-timestamp (seconds since 1970) is not within five minutes of now. Sign each retry anew.',
        );
      const signatures = listSignatures(signature);
      if (signatures.length === 0)
        throw refuse(
          'The webhook-signature has no signature of version 1: v1, a comma, and the base64 of 32 bytes.',
        );
      return { id, timestamp: Number(timestamp), signatures };
    },
    checkBody({ signatures, ...header }, body) {
      if (!matchesSignature(keys, signatures, header, body))
        throw refuse('The signature does not match the body. Sign the raw bytes with the current secret.');
    },
  };
}

function isRecent(timestamp: string, now: Date): boolean {
  return (
    /^\d{1,12}$/.test(timestamp) && Math.abs(now.getTime() / 1000 - Number(timestamp)) <= toleranceSeconds
  );
}

function refuse(detail: string): Problem {
  const challenge = 'StandardWebhooks realm="perly-slack"';
  return unauthorized({
    code: 'signature_invalid',
    title: 'The signature is missing or wrong',
    detail,
    challenge,
  });
}
