import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../lib/clock.ts';
import { type Problem, unauthorized } from './problem.ts';
import { listSignatures, matchesSignature, toWebhookKey } from './standard-webhooks.ts';

type SignatureHeaders = { id: string; timestamp: number; signatures: readonly string[] };

export type SignatureCheck = {
  /** Rejects headers that no body could make valid. @throws Problem 401 */
  readHeaders(headers: IncomingHttpHeaders): SignatureHeaders;
  /** @throws Problem 401 unless one of the signatures matches these bytes */
  checkBody(headers: SignatureHeaders, body: Buffer): void;
};

const toleranceSeconds = 5 * 60;

/** @param secrets `whsec_…`; any of them may have signed, so that secrets can be rotated without a gap */
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
          'The webhook-timestamp (seconds since 1970) is not within five minutes of now. Sign each retry with a new timestamp.',
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
