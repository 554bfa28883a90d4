import type { Trouble } from '../store/channels/document.ts';
import { type DeliveryDocument, isSplit, maxAlerts, type Split } from '../store/deliveries/document.ts';
import type { BuiltMessage } from './built-message.ts';
import { retryDelays } from './retry-schedule.ts';
import { halfOf } from './split-message.ts';
import type { Outcome } from './webhook/classify-response.ts';

/**
 * `together`: all of it waits for its retry. `separate`: `old` failed before, and is sent apart from now on.
 * `split`: `parts` are sent at once, in smaller messages. `alone`: one alert, one customer of a digest, or a part of
 * a refused message.
 */
export type RetryPlan =
  | { kind: 'together' }
  | { kind: 'separate'; old: readonly DeliveryDocument[]; split: Split }
  | { kind: 'split'; parts: readonly DeliveryDocument[]; split: Split }
  | { kind: 'alone'; split: Split };

type Failure = Omit<BuiltMessage, 'message' | 'more'> & {
  outcome: Outcome & { kind: 'retry' };
  /** The channel's trouble before this failure, if any. */
  trouble: Pick<Trouble, 'since' | 'isChannels'> | null;
  now: Date;
};

/** These take about 13 minutes, and most outages are shorter. */
const minAttemptsIfSlow = 5;

/**
 * Anything sent between two failures of an alert proves that the alert is at fault. Without proof, each is tried
 * without the others once per trouble: an outage costs few more posts than the retry schedule.
 */
export function planRetry(failure: Failure): RetryPlan {
  const { deliveries, entries, outcome, trouble } = failure;
  const old = deliveries.filter(({ attempts }) => attempts > 0);
  const isDigest = deliveries.some(({ digest }) => digest !== null);
  const since = trouble?.since ?? failure.now;
  const isContinued = deliveries.some(({ split }) => split?.isContinued);
  const known = { isPlain: false, isContinued };
  // Nothing was sent, so no alert can be at fault.
  if (outcome.error === 'unreachable') return { kind: 'together' };
  if (old.length === 0 && entries > 1) return { kind: 'together' };
  const isMixed = old.length > 0 && old.length < deliveries.length;
  if (isMixed && areUnsplit(deliveries) && !isDigest) {
    if (trouble?.isChannels) return { kind: 'together' };
    return {
      kind: 'separate',
      old,
      split: { ...known, maxTogether: maxAlerts, unprovenSince: since, isTried: false },
    };
  }
  const isProven = old.length > 0 && (trouble === null || wasProven(deliveries, trouble.since));
  const isTried = { isTried: true, unprovenSince: isProven ? null : since };
  const [{ split } = { split: null }] = deliveries;
  // A part of a refused message that now fails for another reason stays one.
  if (!isProven && split && deliveries.every(isOfRefused))
    return { kind: 'alone', split: { ...split, unprovenSince: since } };
  if (entries === 1) {
    if (typeof split?.maxTogether === 'number' && split.unprovenSince === null)
      return { kind: 'alone', split };
    return { kind: 'alone', split: { ...known, ...isTried, maxTogether: isProven ? 1 : null } };
  }
  const minAttempts = minUnprovenAttempts(isDigest, outcome.error === 'timeout');
  if (!isProven && deliveries.some(({ attempts }) => attempts < minAttempts)) return { kind: 'together' };
  const parts = isProven || isDigest ? deliveries : deliveries.filter((one) => !wasTried(one, since));
  if (parts.length === 0) return { kind: 'together' };
  // If an answer was lost, the message may have been posted: each alert is repeated in as few messages as possible.
  const maxTogether = outcome.lost ? 1 : halfOf(isDigest ? entries : parts.length);
  return { kind: 'split', parts, split: { ...known, ...isTried, maxTogether } };
}

/** A digest should stay one message, and each further post to a hanging webhook takes minutes. */
function minUnprovenAttempts(isDigest: boolean, isHanging: boolean): number {
  if (isDigest && isHanging) return retryDelays.length;
  return isDigest || isHanging ? minAttemptsIfSlow : 0;
}

export function areUnsplit(deliveries: readonly DeliveryDocument[]): boolean {
  return !deliveries.some(isSplit);
}

export function isAtFault({ unprovenSince, isTried }: Split): boolean {
  return isTried && unprovenSince === null;
}

/** True if anything was sent after their first failure, and before the present trouble started. */
function wasProven(deliveries: readonly DeliveryDocument[], troubleSince: Date): boolean {
  return deliveries.every(
    (one) => one.split && !isOfRefused(one) && !isSame(one.split.unprovenSince, troubleSince),
  );
}

function isOfRefused({ split }: DeliveryDocument): boolean {
  return typeof split?.maxTogether === 'number' && split.unprovenSince === null && !split.isTried;
}

function wasTried({ split }: DeliveryDocument, since: Date): boolean {
  return split?.maxTogether === null && split.isTried && isSame(split.unprovenSince, since);
}

function isSame(one: Date | null, other: Date): boolean {
  return one?.getTime() === other.getTime();
}
