import { retryDelay } from './retry-schedule.ts';
import type { Outcome } from './webhook/classify-response.ts';

/** Timeouts of a channel in a row that its pause grows with: 1 s, 5 s, 30 s, and then 2 min each time, ±20 %. */
const maxCounted = 4;

/** Connection errors that took as long as a POST may, with a place at Slack used up meanwhile. */
const slowCodes = new Set(['TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT']);

/**
 * Counts a channel's timeouts in a row. The retry schedule is each delivery's own, and every new alert takes the waiting
 * ones along at once: without a pause of the channel, a webhook that hangs would be asked all the time under traffic.
 * The pause stays far below the 15 minutes for which Slack may have a channel wait, since critical alerts wait as well.
 */
export function createTimeoutBackoff(random: () => number) {
  const timeouts = new Map<string, number>();

  return {
    /** Counts what came of a message. @returns for how long the channel sends nothing, in milliseconds */
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
