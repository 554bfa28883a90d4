import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { UsedTokenStore } from '../../store/used-tokens.ts';
import { type SlackSignatureHeaders, toleranceSeconds } from './slack-signature.ts';

/** Holds across all processes. */
export type ReplayCheck = (headers: SlackSignatureHeaders) => Promise<boolean>;

/** Kept in memory, so that repeating a request costs no query. */
const maxKept = 10_000;

/**
 * Slack never sends the same signature twice, since its own retries have a new timestamp: whoever does has captured a
 * request.
 */
export function createReplayCheck(usedTokens: Pick<UsedTokenStore, 'use'>): ReplayCheck {
  // Not `max`, which would allocate the space for all of them at once.
  const seen = new LRUCache<string, true>({ maxSize: maxKept, sizeCalculation: () => 1 });

  return async ({ timestamp, signature }) => {
    const id = createHash('sha256').update(signature).digest('base64url');
    if (seen.has(id)) return false;
    const expiresAt = new Date((Number(timestamp) + 2 * toleranceSeconds) * 1000);
    // A request counts only once it is stored: one that failed may be sent again.
    const isFirst = await usedTokens.use('slack request', id, expiresAt);
    seen.set(id, true);
    return isFirst;
  };
}
