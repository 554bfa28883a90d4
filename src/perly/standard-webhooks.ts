import { createHmac, timingSafeEqual } from 'node:crypto';

/** `timestamp` is in seconds since 1970. */
type MessageHeader = { id: string; timestamp: number };

/** A signature of version 1 is the base64 of 32 bytes. */
const signatureForm = /^v1,[A-Za-z0-9+/]{43}=(?=,|$)/;

export function toWebhookKey(secret: string): Buffer {
  return Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
}

/**
 * Signs id, timestamp and the raw bytes with HMAC-SHA256.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signWebhook(key: Buffer, { id, timestamp }: MessageHeader, body: string | Buffer): string {
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
}

export function listSignatures(header: string): string[] {
  return header.split(' ').flatMap((part) => signatureForm.exec(part)?.[0] ?? []);
}

export function matchesSignature(
  keys: readonly Buffer[],
  signatures: readonly string[],
  header: MessageHeader,
  body: Buffer,
): boolean {
  const given = signatures.map((signature) => Buffer.from(signature));
  return keys.some((key) => {
    const expected = Buffer.from(signWebhook(key, header, body));
    return given.some((one) => one.length === expected.length && timingSafeEqual(one, expected));
  });
}
