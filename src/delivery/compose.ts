import { buildAlertMessage } from '../slack/messages/alert-message.ts';
import { toPlainText } from '../slack/messages/plain-text.ts';
import type { WebhookMessage } from '../slack/messages/webhook-message.ts';
import type { SendableChannel } from '../store/channels.ts';
import type { DeliveryStore } from '../store/deliveries.ts';
import { type DeliveryDocument, maxAlerts } from '../store/delivery-document.ts';
import type { EventStore } from '../store/events.ts';
import { type Tenancy, tenancyOf } from '../store/tenancy.ts';
import { chooseNext, isDue } from './choose-next.ts';
import { composeDigest, composeDividedDigest, longestDigest } from './compose-digest.ts';
import { controlsOf } from './controls-of.ts';
import { type Pair, withEvents } from './with-events.ts';

/** A message, ready to be posted. */
export type Batch = {
  message: WebhookMessage;
  /** What is done with it. */
  deliveries: DeliveryDocument[];
  /** How many alerts, or customers of a digest, it tells: into how many it can be divided. */
  entries: number;
  isPlain: boolean;
  /** Whether something is left behind it. */
  more: boolean;
};

/**
 * What there is to send: nothing at all, nothing before an instant, deliveries without their events, or a batch;
 * `outdated` when something of it was decided by rules or mutes that changed.
 */
export type NextBatch =
  | { kind: 'nothing' }
  | { kind: 'outdated' }
  | { kind: 'not yet'; until: Date }
  | { kind: 'orphans'; deliveries: DeliveryDocument[] }
  | { kind: 'batch'; batch: Batch };

type Stores = { deliveries: DeliveryStore; events: EventStore };

/**
 * Puts together the next message of a channel that is active, of nothing but what is its account's. What was held goes
 * out together, as one digest.
 */
export async function composeNext(
  stores: Stores,
  channel: SendableChannel,
  now: Date,
  { forHeld }: { forHeld: boolean },
): Promise<NextBatch> {
  const { deliveries } = stores;
  const tenancy = tenancyOf({ _id: channel.id, accountId: channel.accountId });
  if (tenancy === undefined) return { kind: 'nothing' };
  const { pending, held } = await deliveries.listWaiting(tenancy, now, {
    pending: maxAlerts + 1,
    held: forHeld ? longestDigest : 0,
  });
  if (pending.length + held.length === 0) return { kind: 'nothing' };
  if (isOutdated([...pending, ...held], channel)) return { kind: 'outdated' };
  const next = await chooseBatch(stores, tenancy, { pending, held }, now);
  return next.kind === 'batch' && isOutdated(next.batch.deliveries, channel) ? { kind: 'outdated' } : next;
}

async function chooseBatch(
  stores: Stores,
  tenancy: Tenancy,
  { pending, held }: { pending: DeliveryDocument[]; held: DeliveryDocument[] },
  now: Date,
): Promise<NextBatch> {
  const { deliveries } = stores;
  const choice =
    chooseNext([...pending, ...held], now) ??
    // What is due may stand behind more that waits for its retry than was read.
    chooseNext(await listFurtherDue(deliveries, tenancy, pending, now), now);
  if (choice === undefined) return { kind: 'not yet', until: earliest(pending) };
  if (choice.kind === 'digest')
    return choice.isApart
      ? composeDividedDigest(stores, tenancy, now)
      : composeDigest(stores, tenancy, { pending, held });
  const { pairs, orphans } = await withEvents(stores.events, choice.deliveries);
  if (orphans.length > 0) return { kind: 'orphans', deliveries: orphans };
  const options = { isPlain: choice.isPlain, waiting: pending.length + held.length };
  const batch = toBatch(pairs, options);
  // What waits for its retry only goes along: a message without anything that is due would go on for ever.
  if (batch.deliveries.some((delivery) => isDue(delivery, now))) return { kind: 'batch', batch };
  const due = pairs.filter(({ delivery }) => isDue(delivery, now));
  return { kind: 'batch', batch: toBatch(due, options) };
}

async function listFurtherDue(
  deliveries: DeliveryStore,
  tenancy: Tenancy,
  pending: readonly DeliveryDocument[],
  now: Date,
): Promise<DeliveryDocument[]> {
  return pending.length > maxAlerts ? deliveries.listPendingDue(tenancy, now, maxAlerts) : [];
}

function toBatch(pairs: readonly Pair[], { isPlain, waiting }: { isPlain: boolean; waiting: number }): Batch {
  const events = pairs.map(({ event }) => event);
  const { message, taken } = isPlain ? toPlainText(events) : buildAlertMessage(events, controlsOf(pairs));
  const deliveries = pairs.slice(0, taken).map(({ delivery }) => delivery);
  return { message, deliveries, entries: taken, isPlain, more: waiting > taken };
}

function isOutdated(
  deliveries: readonly DeliveryDocument[],
  { rulesEpoch: present }: SendableChannel,
): boolean {
  return deliveries.some(({ rulesEpoch }) => rulesEpoch < present);
}

function earliest(pending: readonly DeliveryDocument[]): Date {
  return new Date(Math.min(...pending.map(({ nextAttemptAt }) => nextAttemptAt.getTime())));
}
