import type { Trouble } from '../store/channels/document.ts';
import { type DeliveryDocument, type Division, isApart, maxAlerts } from '../store/deliveries/document.ts';
import type { BuiltMessage } from './built-message.ts';
import { halfOf } from './split-message.ts';
import type { Outcome } from './webhook/classify-response.ts';

/**
 * How a message goes on that failed without a word of Slack's. Nobody knows whether the channel takes nothing at
 * present, or not this message because of one of its alerts, as a filter of a proxy may decide.
 *
 * - `combineQueries`: nothing points to an alert; all of it waits for its retry.
 * - `separate`: `old` failed before; from now on they go apart, and the others are tried without them.
 * - `splitMessage`: `parts` of it are tried at once, in smaller messages.
 * - `alone`: it is one alert, or one customer of a digest, and waits for its retry with this division.
 */
export type RetryPlan =
  | { kind: 'together' }
  | { kind: 'separate'; old: readonly DeliveryDocument[]; division: Division }
  | { kind: 'divide'; parts: readonly DeliveryDocument[]; division: Division }
  | { kind: 'alone'; division: Division };

type Failure = Omit<BuiltMessage, 'message' | 'more'> & {
  outcome: Outcome & { kind: 'retry' };
  /** The channel's before this failure, if it was in trouble. */
  trouble: Pick<Trouble, 'since' | 'isChannels'> | null;
  now: Date;
};

/**
 * How often a digest fails, for about 13 minutes, before it is divided without such a proof: a digest is to be one
 * message, and most outages are shorter.
 */
const minDigestAttempts = 5;

/**
 * Decides how a failed message goes on. Something that was sent between two failures of an alert proves that the alert
 * is to blame. Without such a proof each alert is tried without the others once in a trouble, after its second failure:
 * so an outage costs few posts more than the retry schedule.
 */
export function planRetry(failure: Failure): RetryPlan {
  const { deliveries, entries, outcome, trouble } = failure;
  const old = deliveries.filter(({ attempts }) => attempts > 0);
  const isDigest = deliveries.some(({ digest }) => digest !== null);
  const since = trouble?.since ?? failure.now;
  const isContinued = deliveries.some(({ division }) => division?.isContinued);
  const known = { isPlain: false, isContinued };
  // Nothing was sent, so nothing of it can be to blame.
  if (outcome.error === 'unreachable') return { kind: 'together' };
  if (old.length === 0 && entries > 1) return { kind: 'together' };
  const isMixed = old.length > 0 && old.length < deliveries.length;
  if (isMixed && isOfRest(deliveries) && !isDigest) {
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
  // A webhook that hangs would be asked for minutes.
  if (parts.length === 0 || (!isProven && outcome.error === 'timeout')) return { kind: 'together' };
  // Where an answer got lost the message may be shown: each alert goes in as few messages as can be.
  const maxTogether = outcome.lost ? 1 : halfOf(isDigest ? entries : parts.length);
  return { kind: 'divide', parts, division: { ...known, ...isTried, maxTogether } };
}

/** Whether nothing of a message goes apart. */
export function isOfRest(deliveries: readonly DeliveryDocument[]): boolean {
  return !deliveries.some(isApart);
}

/** Whether it is known of a message that the fault is not the channel's. */
export function isToBlame({ unprovenSince, isTried }: Division): boolean {
  return isTried && unprovenSince === null;
}

/** Whether something was sent after they failed first, and before the present trouble began. */
function wasProven(deliveries: readonly DeliveryDocument[], troubleSince: Date): boolean {
  return deliveries.every(({ division }) => division && !isSame(division.unprovenSince, troubleSince));
}

function wasTried({ division }: DeliveryDocument, since: Date): boolean {
  return division?.maxTogether === null && division.isTried && isSame(division.unprovenSince, since);
}

function isSame(one: Date | null, other: Date): boolean {
  return one?.getTime() === other.getTime();
}
