import { retryDelay } from './retry-schedule.ts';
import type { Outcome } from './webhook/classify-response.ts';

/** The pause grows with consecutive timeouts: 1 s, 5 s, 30 s, then always 2 min, ±20 %. */
const maxCounted = 4;

/** Codes of connection errors that took as long as a POST may, using a slot meanwhile. */
const slowCodes = new Set(['TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT']);

/**
 * Every new alert takes the waiting ones with it: without pausing the channel, a hanging webhook would be called
 * constantly. The pause is short, since critical alerts wait as well.
 */
export function createTimeoutBackoff(random: () => number) {
  const timeouts = new Map<string, number>();

  return {
    /** Counts the outcome. @returns how long the channel sends nothing, in milliseconds */
    pauseAfter(channelId: string, outcome: Outcome): number {
      const isTimeout = outcome.kind === 'retry' && slowCodes.has(outcome.code ?? '');
      if (!isTimeout) {
        timeouts.delete(channelId);
        return 0;
      }
      const before = timeouts.get(channelId) ?? 0;
      timeouts.set(channelId, Math.min(before + 1, maxCounted - 1));
      return retryDelay(before, random) ?? 0;
    },
  };
}
