import { type DeliveryDocument, isApart, maxAlerts } from '../store/deliveries/document.ts';
import { byPriorityThenSequence } from '../store/deliveries/queries.ts';

/** The contents of the next message: alerts, or the digest; `isApart` if it was divided. */
export type Choice =
  | { kind: 'alerts'; deliveries: readonly DeliveryDocument[]; isPlain: boolean }
  | { kind: 'digest'; isApart: boolean };

/** Whether a delivery may be sent by itself, rather than only included with others. */
export function isDue({ state, nextAttemptAt }: DeliveryDocument, now: Date): boolean {
  return state === 'held' || nextAttemptAt <= now;
}

/**
 * Chooses the channel's next message, in order: a due alert takes all earlier alerts with it, even those that wait
 * for a retry, so that a new alert never waits for an old one's far retry. A digest is sent only when it is due.
 * Divided deliveries are sent apart from the rest, at their own time.
 * @returns `undefined` if nothing is due
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
