import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { UsedTokenStore } from '../../store/used-tokens.ts';
import { type SlackSignatureHeaders, toleranceSeconds } from './slack-signature.ts';

/** Whether a signed request comes for the first time, to any process. */
export type ReplayCheck = (headers: SlackSignatureHeaders) => Promise<boolean>;

/** So many are kept in memory, so that repeating one of them again and again costs no query. */
const maxKept = 10_000;

/**
 * Remembers signatures for as long as they are good. Slack never sends the same signature twice: whoever does has caught a
 * request. A repeat of Slack's own carries a new timestamp.
 */
export function createReplayCheck(usedTokens: Pick<UsedTokenStore, 'use'>): ReplayCheck {
  const seen = new LRUCache<string, true>({ max: maxKept });

  return async ({ timestamp, signature }) => {
    const id = createHash('sha256').update(signature).digest('base64url');
    if (seen.has(id)) return false;
    const expiresAt = new Date((Number(timestamp) + 2 * toleranceSeconds) * 1000);
    // Only what is stored counts: a request that was answered with an error may be sent again.
    const isFirst = await usedTokens.use('slack request', id, expiresAt);
    seen.set(id, true);
    return isFirst;
  };
}
