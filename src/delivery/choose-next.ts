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
  const apart = queue.filter((delivery) => isSplit(delivery) && isDue(delivery, now));
  const rest = queue.filter((delivery) => !isSplit(delivery));
  const [first] = rest;
  const [firstApart] = apart;
  if (first !== undefined && (firstApart === undefined || byPriorityThenSequence(first, firstApart) < 0)) {
    const choice = chooseOfRest(rest, now);
    if (choice !== undefined) return choice;
  }
  return firstApart === undefined ? undefined : chooseOfApart(apart, firstApart);
}

function chooseOfRest(rest: readonly DeliveryDocument[], now: Date): Choice | undefined {
  const isDigest = ({ digest }: DeliveryDocument) => digest !== null;
  const hasDigest = rest.some((delivery) => isDigest(delivery) && isDue(delivery, now));
  const end = hasDigest ? rest.findIndex(isDigest) : rest.length;
  const alerts = rest.slice(0, end).filter((delivery) => !isDigest(delivery));
  const together = alerts.slice(0, maxAlerts);
  const due = alerts.filter((delivery) => isDue(delivery, now)).slice(0, maxAlerts);
  if (due.length === 0) return hasDigest ? { kind: 'digest', isSplit: false } : undefined;
  const holdsDue = together.some((delivery) => isDue(delivery, now));
  return { kind: 'alerts', deliveries: holdsDue ? together : due, isPlain: false };
}

function chooseOfApart(apart: readonly DeliveryDocument[], first: DeliveryDocument): Choice {
  if (first.digest !== null) return { kind: 'digest', isSplit: true };
  const isPlain = first.split?.isPlain ?? false;
  const deliveries: DeliveryDocument[] = [];
  let most = maxAlerts;
  for (const delivery of apart) {
    if (delivery.digest !== null || delivery.split?.isPlain !== isPlain) break;
    most = Math.min(most, delivery.split.maxTogether ?? most);
    if (deliveries.length >= most) break;
    deliveries.push(delivery);
  }
  return { kind: 'alerts', deliveries, isPlain };
}
