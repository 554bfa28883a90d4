import type { OutgoingWebhookDocument } from '../../store/outgoing-webhooks.ts';
import { signWebhook, toWebhookKey } from '../standard-webhooks.ts';

/** @returns `undefined` on success, otherwise a short error */
export type PostWebhook = (
  webhook: Pick<OutgoingWebhookDocument, '_id' | 'body'>,
) => Promise<string | undefined>;

export const maxAttemptMs = 10_000;

/** Redirects are not followed: a signature for one address is not meant for another. @param secret the newest */
export function createPostWebhook(url: string, secret: string): PostWebhook {
  const key = toWebhookKey(secret);

  return async ({ _id, body }) => {
    const timestamp = Math.floor(Date.now() / 1000);
    try {
      const answer = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.timeout(maxAttemptMs),
        headers: {
          'content-type': 'application/json',
          'webhook-id': _id,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': signWebhook(key, { id: _id, timestamp }, body),
        },
        body,
      });
      await answer.body?.cancel();
      return answer.ok ? undefined : `HTTP ${answer.status}`;
    } catch (error) {
      return toFault(error);
    }
  };
}

/** Returns `ECONNREFUSED`, for example, which `fetch` has as the cause of a TypeError; else the error's name. */
function toFault(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : error.name;
}
