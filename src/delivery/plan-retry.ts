import type { Trouble } from '../store/channels/document.ts';
import { type DeliveryDocument, type Division, isSplit, maxAlerts } from '../store/deliveries/document.ts';
import type { BuiltMessage } from './built-message.ts';
import { halfOf } from './split-message.ts';
import type { Outcome } from './webhook/classify-response.ts';

/**
 * `together`: all of it waits for its retry. `separate`: `old` failed before, and is sent apart from now on.
 * `divide`: `parts` are sent at once, in smaller messages. `alone`: one alert, or one customer of a digest.
 */
export type RetryPlan =
  | { kind: 'together' }
  | { kind: 'separate'; old: readonly DeliveryDocument[]; division: Division }
  | { kind: 'divide'; parts: readonly DeliveryDocument[]; division: Division }
  | { kind: 'alone'; division: Division };

type Failure = Omit<BuiltMessage, 'message' | 'more'> & {
  outcome: Outcome & { kind: 'retry' };
  /** The channel's trouble before this failure, if any. */
  trouble: Pick<Trouble, 'since' | 'isChannels'> | null;
  now: Date;
};

/** They take about 13 minutes. A digest should stay one message, and most outages are shorter. */
const minDigestAttempts = 5;

/**
 * Anything sent between two failures of an alert proves that the alert is at fault. Without proof, each is tried
 * without the others once per trouble: an outage costs few more posts than the retry schedule.
 */
export function planRetry(failure: Failure): RetryPlan {
  const { deliveries, entries, outcome, trouble } = failure;
  const old = deliveries.filter(({ attempts }) => attempts > 0);
  const isDigest = deliveries.some(({ digest }) => digest !== null);
  const since = trouble?.since ?? failure.now;
  const isContinued = deliveries.some(({ division }) => division?.isContinued);
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
      division: { ...known, maxTogether: maxAlerts, unprovenSince: since, isTried: false },
    };
  }
  const isProven = old.length > 0 && (trouble === null || wasProven(deliveries, trouble.since));
  const isTried = { isTried: true, unprovenSince: isProven ? null : since };
  if (entries === 1) {
    const [{ division } = { division: null }] = deliveries;
    if (typeof division?.maxTogether === 'number' && division.unprovenSince === null)
      return { kind: 'alone', division };
    return { kind: 'alone', division: { ...known, ...isTried, maxTogether: isProven ? 1 : null } };
  }
  if (isDigest && !isProven && deliveries.some(({ attempts }) => attempts < minDigestAttempts))
    return { kind: 'together' };
  const parts = isProven || isDigest ? deliveries : deliveries.filter((one) => !wasTried(one, since));
  // Further posts to a hanging webhook would take minutes.
  if (parts.length === 0 || (!isProven && outcome.error === 'timeout')) return { kind: 'together' };
  // If an answer was lost, the message may have been posted: each alert is repeated in as few messages as possible.
  const maxTogether = outcome.lost ? 1 : halfOf(isDigest ? entries : parts.length);
  return { kind: 'divide', parts, division: { ...known, ...isTried, maxTogether } };
}

export function areUnsplit(deliveries: readonly DeliveryDocument[]): boolean {
  return !deliveries.some(isSplit);
}

export function isAtFault({ unprovenSince, isTried }: Division): boolean {
  return isTried && unprovenSince === null;
}

/** True if anything was sent after their first failure, and before the present trouble started. */
function wasProven(deliveries: readonly DeliveryDocument[], troubleSince: Date): boolean {
  return deliveries.every(({ division }) => division && !isSame(division.unprovenSince, troubleSince));
}

function wasTried({ division }: DeliveryDocument, since: Date): boolean {
  return division?.maxTogether === null && division.isTried && isSame(division.unprovenSince, since);
}

function isSame(one: Date | null, other: Date): boolean {
  return one?.getTime() === other.getTime();
}
