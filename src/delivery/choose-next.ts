import { type DeliveryDocument, isApart, maxAlerts } from '../store/deliveries/document.ts';
import { byPriorityThenSequence } from '../store/deliveries/queries.ts';

/** What goes into a channel's next message: alerts, or the digest; `isApart` for one that was divided. */
export type Choice =
  | { kind: 'alerts'; deliveries: readonly DeliveryDocument[]; isPlain: boolean }
  | { kind: 'digest'; isApart: boolean };

/** Whether a delivery may be tried now, and not only go along with others. */
export function isDue({ state, nextAttemptAt }: DeliveryDocument, now: Date): boolean {
  return state === 'held' || nextAttemptAt <= now;
}

/**
 * Chooses of what waits for a channel. Order is kept: when an alert is due, the alerts before it go along, also those
 * that wait for their retry; so an alert of now never waits for the far retry of an old one. A digest goes only when it
 * is due. What was divided goes apart from the rest, so that it takes nothing along, and waits for its own time.
 *
 * @returns `undefined` when nothing of it is due
 */
export function chooseNext(waiting: readonly DeliveryDocument[], now: Date): Choice | undefined {
  const queue = waiting.toSorted(byPriorityThenSequence);
  const apart = queue.filter((delivery) => isApart(delivery) && isDue(delivery, now));
  const rest = queue.filter((delivery) => !isApart(delivery));
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
  if (due.length === 0) return hasDigest ? { kind: 'digest', isApart: false } : undefined;
  const holdsDue = together.some((delivery) => isDue(delivery, now));
  return { kind: 'alerts', deliveries: holdsDue ? together : due, isPlain: false };
}

function chooseOfApart(apart: readonly DeliveryDocument[], first: DeliveryDocument): Choice {
  if (first.digest !== null) return { kind: 'digest', isApart: true };
  const isPlain = first.division?.isPlain ?? false;
  const deliveries: DeliveryDocument[] = [];
  let most = maxAlerts;
  for (const delivery of apart) {
    if (delivery.digest !== null || delivery.division?.isPlain !== isPlain) break;
    most = Math.min(most, delivery.division.maxTogether ?? most);
    if (deliveries.length >= most) break;
    deliveries.push(delivery);
  }
  return { kind: 'alerts', deliveries, isPlain };
}
