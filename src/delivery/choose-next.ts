import { type DeliveryDocument, isSplit, maxAlerts } from '../store/deliveries/document.ts';
import { byPriorityThenSequence } from '../store/deliveries/queries.ts';

/** `isSplit` if the digest was split. */
export type Choice =
  | { kind: 'alerts'; deliveries: readonly DeliveryDocument[]; isPlain: boolean }
  | { kind: 'digest'; isSplit: boolean };

/** True if a delivery may be sent by itself, rather than only included with others. */
export function isDue({ state, nextAttemptAt }: DeliveryDocument, now: Date): boolean {
  return state === 'held' || nextAttemptAt <= now;
}

/**
 * A due alert takes all earlier ones with it, even those that wait for a retry, so that it never waits for them.
 * @returns `undefined` if nothing is due
 */
export function chooseNext(waiting: readonly DeliveryDocument[], now: Date): Choice | undefined {
  const queue = waiting.toSorted(byPriorityThenSequence);
  const split = queue.filter((delivery) => isSplit(delivery) && isDue(delivery, now));
  const unsplit = queue.filter((delivery) => !isSplit(delivery));
  const [first] = unsplit;
  const [firstSplit] = split;
  if (first !== undefined && (firstSplit === undefined || byPriorityThenSequence(first, firstSplit) < 0)) {
    const choice = chooseUnsplit(unsplit, now);
    if (choice !== undefined) return choice;
  }
  return firstSplit === undefined ? undefined : chooseSplit(split, firstSplit);
}

function chooseUnsplit(unsplit: readonly DeliveryDocument[], now: Date): Choice | undefined {
  const isDigest = ({ digest }: DeliveryDocument) => digest !== null;
  const hasDigest = unsplit.some((delivery) => isDigest(delivery) && isDue(delivery, now));
  const end = hasDigest ? unsplit.findIndex(isDigest) : unsplit.length;
  const alerts = unsplit.slice(0, end).filter((delivery) => !isDigest(delivery));
  const together = alerts.slice(0, maxAlerts);
  const due = alerts.filter((delivery) => isDue(delivery, now)).slice(0, maxAlerts);
  if (due.length === 0) return hasDigest ? { kind: 'digest', isSplit: false } : undefined;
  const holdsDue = together.some((delivery) => isDue(delivery, now));
  return { kind: 'alerts', deliveries: holdsDue ? together : due, isPlain: false };
}

function chooseSplit(split: readonly DeliveryDocument[], first: DeliveryDocument): Choice {
  if (first.digest !== null) return { kind: 'digest', isSplit: true };
  const isPlain = first.split?.isPlain ?? false;
  const deliveries: DeliveryDocument[] = [];
  let maxTogether = maxAlerts;
  for (const delivery of split) {
    if (delivery.digest !== null || delivery.split?.isPlain !== isPlain) break;
    maxTogether = Math.min(maxTogether, delivery.split.maxTogether ?? maxTogether);
    if (deliveries.length >= maxTogether) break;
    deliveries.push(delivery);
  }
  return { kind: 'alerts', deliveries, isPlain };
}
