import { buildDigest, type DigestInput, toPlainDigest } from '../slack/messages/digest.ts';
import { worstFirst } from '../slack/messages/worst-first.ts';
import type { DeliveryStore } from '../store/deliveries.ts';
import { type DeliveryDocument, isApart } from '../store/delivery-document.ts';
import type { EventStore } from '../store/events.ts';
import type { Tenancy } from '../store/tenancy.ts';
import type { NextBatch } from './compose.ts';
import { controlsOf } from './controls-of.ts';
import { arrivalsOf, type Pair, withEvents } from './with-events.ts';

/** How many alerts one digest sums up at most, to bound what is read at once; what is beyond goes into the next. */
export const longestDigest = 10_000;

type Stores = { deliveries: DeliveryStore; events: EventStore };

/** One digest of all that was held, for whichever reasons, and of one that Slack did not take: there are never two. */
export async function composeDigest(
  stores: Stores,
  tenancy: Tenancy,
  { pending, held }: { pending: readonly DeliveryDocument[]; held: readonly DeliveryDocument[] },
): Promise<NextBatch> {
  const { deliveries } = stores;
  const isAgain = (delivery: DeliveryDocument) => delivery.digest !== null && !isApart(delivery);
  const again = pending.some(isAgain)
    ? (await deliveries.listDigest(tenancy, longestDigest)).filter(isAgain)
    : [];
  const all = [...again, ...held].sort((a, b) => a.sequence - b.sequence).slice(0, longestDigest);
  const { pairs, orphans } = await withEvents(stores.events, all);
  if (orphans.length > 0) return { kind: 'orphans', deliveries: orphans };
  const more = pending.some((one) => !isAgain(one)) || all.length === longestDigest;
  return toNextBatch(pairs, { isPlain: false, more });
}

/**
 * A digest that was divided: as plain text, or a part of it, the worst customers first. A part says that it is one,
 * so that its parts read as one digest.
 */
export async function composeDividedDigest(stores: Stores, tenancy: Tenancy, now: Date): Promise<NextBatch> {
  const listed = await stores.deliveries.listDigest(tenancy, longestDigest);
  const all = listed.filter((delivery) => isApart(delivery) && delivery.nextAttemptAt <= now);
  const maxTogether = Math.min(...all.map(({ division }) => division?.maxTogether ?? 0));
  const smallest = all.filter(({ division }) => division?.maxTogether === maxTogether);
  const plain = smallest.filter(({ division }) => division?.isPlain);
  const { pairs, orphans } = await withEvents(stores.events, plain.length > 0 ? plain : smallest);
  if (orphans.length > 0) return { kind: 'orphans', deliveries: orphans };
  const part = pairs.length === 0 ? pairs : worstCustomers(pairs, maxTogether);
  const isContinued = part.some(({ delivery }) => delivery.division?.isContinued);
  const isWhole = part.length === listed.length;
  return toNextBatch(part, {
    isPlain: plain.length > 0,
    more: true,
    ...(isContinued ? { part: 'continued' } : !isWhole && { part: 'first' }),
  });
}

/** The alerts on the worst customers, in order of arrival. */
function worstCustomers(pairs: readonly Pair[], count: number): Pair[] {
  const states = worstFirst(
    pairs.map(({ event }) => event),
    arrivalsOf(pairs),
  );
  const ids = new Set(states.slice(0, count).map(({ latest }) => latest.customer.id));
  return pairs.filter(({ event }) => ids.has(event.customer.id));
}

function toNextBatch(
  pairs: readonly Pair[],
  { isPlain, more, ...frame }: Pick<DigestInput, 'part'> & { isPlain: boolean; more: boolean },
): NextBatch {
  if (pairs.length === 0) return { kind: 'nothing' };
  const events = pairs.map(({ event }) => event);
  const input: DigestInput = {
    ...frame,
    events,
    arrivals: arrivalsOf(pairs),
    reason: pairs.some(({ delivery }) => delivery.digest === 'broken') ? 'broken' : 'quiet_hours',
    controls: controlsOf(pairs),
  };
  return {
    kind: 'batch',
    batch: {
      message: isPlain ? toPlainDigest(input) : buildDigest(input),
      deliveries: pairs.map(({ delivery }) => delivery),
      entries: new Set(events.map(({ customer }) => customer.id)).size,
      isPlain,
      more,
    },
  };
}
