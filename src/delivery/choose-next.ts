import type { DeliveryDocument } from '../store/delivery-document.ts';
import { byTurn } from '../store/delivery-questions.ts';

/** Slack shows no more attachments than this well in one message, and a message with more is refused. */
export const maxAlerts = 20;

/** What goes into a channel's next message: alerts, or the digest; `retried` ones were in a message that was refused. */
export type Choice =
  | { kind: 'alerts'; deliveries: readonly DeliveryDocument[]; isPlain: boolean }
  | { kind: 'digest'; isRetried: boolean };

/**
 * Chooses of what waits for a channel. Order is kept: when anything is due, what stands before it goes along, also what
 * waits for its retry; so an alert of now never waits for the far retry of an old one. What Slack refused goes apart
 * from the rest, so that it takes nothing along, and waits for its own time.
 *
 * @returns `undefined` when nothing of it is due
 */
export function chooseNext(waiting: readonly DeliveryDocument[], now: Date): Choice | undefined {
  const isDue = ({ state, nextAttemptAt }: DeliveryDocument) => state === 'held' || nextAttemptAt <= now;
  const queue = waiting.toSorted(byTurn);
  const rest = queue.filter(({ refusal }) => !refusal);
  const refused = queue.filter((delivery) => delivery.refusal && isDue(delivery));
  const [first] = rest;
  const [firstRefused] = refused;
  const isRestFirst = first !== undefined && (firstRefused === undefined || byTurn(first, firstRefused) < 0);
  if (rest.some(isDue) && isRestFirst) return chooseOfRest(rest);
  return firstRefused === undefined ? undefined : chooseOfRefused(refused, firstRefused);
}

function chooseOfRest(rest: readonly DeliveryDocument[]): Choice {
  const end = rest.findIndex(({ digest }) => digest !== null);
  if (end === 0) return { kind: 'digest', isRetried: false };
  const deliveries = rest.slice(0, Math.min(end === -1 ? rest.length : end, maxAlerts));
  return { kind: 'alerts', deliveries, isPlain: false };
}

function chooseOfRefused(refused: readonly DeliveryDocument[], first: DeliveryDocument): Choice {
  if (first.digest !== null) return { kind: 'digest', isRetried: true };
  const isPlain = first.refusal?.isPlain ?? false;
  const deliveries: DeliveryDocument[] = [];
  let most = maxAlerts;
  for (const delivery of refused) {
    if (delivery.digest !== null || delivery.refusal?.isPlain !== isPlain) break;
    most = Math.min(most, delivery.refusal.maxTogether);
    if (deliveries.length >= most) break;
    deliveries.push(delivery);
  }
  return { kind: 'alerts', deliveries, isPlain };
}
