import { worstFirst } from '../messages/customer-state.ts';
import { buildDigest, toPlainDigest } from '../messages/digest.ts';
import type { DigestInput } from '../messages/digest-header.ts';
import { type DeliveryDocument, isSplit } from '../store/deliveries/document.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { EventStore } from '../store/events.ts';
import type { Tenancy } from '../store/tenancy.ts';
import { buildControls } from './build-controls.ts';
import type { NextMessage } from './built-message.ts';
import { arrivalsOf, type DeliveryWithEvent, withEvents } from './with-events.ts';

/** Limits what is read at once; the rest goes into the next digest. */
export const maxDigestAlerts = 10_000;

type Reason = Exclude<DigestInput['reason'], 'broken'>;

type Stores = { deliveries: DeliveryStore; events: EventStore };

/** Puts everything held into one digest, and what Slack did not accept of an earlier one. */
export async function buildNextDigest(
  stores: Stores,
  tenancy: Tenancy,
  {
    pending,
    held,
    reason,
  }: { pending: readonly DeliveryDocument[]; held: readonly DeliveryDocument[]; reason: Reason },
): Promise<NextMessage> {
  const { deliveries } = stores;
  const wasReleased = (delivery: DeliveryDocument) => delivery.digest !== null && !isSplit(delivery);
  const released = pending.some(wasReleased)
    ? (await deliveries.listDigest(tenancy, maxDigestAlerts)).filter(wasReleased)
    : [];
  const all = [...released, ...held].sort((a, b) => a.sequence - b.sequence).slice(0, maxDigestAlerts);
  const { pairs, orphans } = await withEvents(stores.events, all);
  if (orphans.length > 0) return { kind: 'orphans', deliveries: orphans };
  const more = pending.some((one) => !wasReleased(one)) || all.length === maxDigestAlerts;
  return toNextMessage(pairs, { reason, isPlain: false, more });
}

/** Builds it as plain text, or a part of it with the worst customers first. A part says that it is one. */
export async function buildSplitDigest(
  stores: Stores,
  tenancy: Tenancy,
  reason: Reason,
  now: Date,
): Promise<NextMessage> {
  const listed = await stores.deliveries.listDigest(tenancy, maxDigestAlerts);
  const all = listed.filter((delivery) => isSplit(delivery) && delivery.nextAttemptAt <= now);
  const maxTogether = Math.min(...all.map(({ split }) => split?.maxTogether ?? 0));
  const fewest = all.filter(({ split }) => split?.maxTogether === maxTogether);
  const maxOfCustomer = Math.min(...fewest.map(maxOfCustomerOf));
  const smallest = fewest.filter((delivery) => maxOfCustomerOf(delivery) === maxOfCustomer);
  const plain = smallest.filter(({ split }) => split?.isPlain);
  const { pairs, orphans } = await withEvents(stores.events, plain.length > 0 ? plain : smallest);
  if (orphans.length > 0) return { kind: 'orphans', deliveries: orphans };
  const part = pairs.length === 0 ? pairs : worstCustomers(pairs, maxTogether).slice(0, maxOfCustomer);
  const isContinued = part.some(({ delivery }) => delivery.split?.isContinued);
  const isWhole = part.length === listed.length;
  return toNextMessage(part, {
    reason,
    isPlain: plain.length > 0,
    more: true,
    ...(isContinued ? { part: 'continued' } : !isWhole && { part: 'first' }),
  });
}

function maxOfCustomerOf({ split }: DeliveryDocument): number {
  return split?.maxOfCustomer ?? Number.POSITIVE_INFINITY;
}

function worstCustomers(pairs: readonly DeliveryWithEvent[], count: number): DeliveryWithEvent[] {
  const states = worstFirst(
    pairs.map(({ event }) => event),
    arrivalsOf(pairs),
  );
  const ids = new Set(states.slice(0, count).map(({ latest }) => latest.customer.id));
  return pairs.filter(({ event }) => ids.has(event.customer.id));
}

function toNextMessage(
  pairs: readonly DeliveryWithEvent[],
  {
    isPlain,
    more,
    reason,
    ...frame
  }: Pick<DigestInput, 'part'> & { reason: Reason; isPlain: boolean; more: boolean },
): NextMessage {
  if (pairs.length === 0) return { kind: 'nothing' };
  const events = pairs.map(({ event }) => event);
  const input: DigestInput = {
    ...frame,
    events,
    arrivals: arrivalsOf(pairs),
    reason: pairs.some(({ delivery }) => delivery.digest === 'broken') ? 'broken' : reason,
    controls: buildControls(pairs),
  };
  return {
    kind: 'batch',
    built: {
      message: isPlain ? toPlainDigest(input) : buildDigest(input),
      deliveries: pairs.map(({ delivery }) => delivery),
      entries: new Set(events.map(({ customer }) => customer.id)).size,
      isPlain,
      more,
    },
  };
}
