import { buildAlertMessage } from '../messages/alert-message.ts';
import { toPlainText } from '../messages/plain-text.ts';
import type { SendableChannel } from '../store/channels/document.ts';
import { type DeliveryDocument, maxAlerts } from '../store/deliveries/document.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { EventStore } from '../store/events.ts';
import { type Tenancy, tenancyOf } from '../store/tenancy.ts';
import { buildControls } from './build-controls.ts';
import { buildNextDigest, buildSplitDigest, maxDigestAlerts } from './build-next-digest.ts';
import type { BuiltMessage, NextMessage } from './built-message.ts';
import { chooseNext, isDue } from './choose-next.ts';
import type { Mentions, OwnerMentions } from './owner-mentions.ts';
import { type DeliveryWithEvent, withEvents } from './with-events.ts';

type Stores = { deliveries: DeliveryStore; events: EventStore; findMentions: OwnerMentions };

/** Everything held is sent as one digest. */
export async function buildNextMessage(
  stores: Stores,
  channel: SendableChannel,
  now: Date,
  { includeHeld }: { includeHeld: boolean },
): Promise<NextMessage> {
  const { deliveries } = stores;
  const tenancy = tenancyOf({ _id: channel.id, accountId: channel.accountId });
  if (tenancy === undefined) return { kind: 'nothing' };
  const { pending, held } = await deliveries.listWaiting(tenancy, now, {
    pending: maxAlerts + 1,
    held: includeHeld ? maxDigestAlerts : 0,
  });
  if (pending.length + held.length === 0) return { kind: 'nothing' };
  if (isOutdated([...pending, ...held], channel)) return { kind: 'outdated' };
  const next = await chooseBatch(
    stores,
    channel,
    tenancy,
    { pending, held, reason: channel.hasDailyDigest ? 'daily' : 'quiet_hours' },
    now,
  );
  return next.kind === 'batch' && isOutdated(next.built.deliveries, channel) ? { kind: 'outdated' } : next;
}

async function chooseBatch(
  stores: Stores,
  channel: SendableChannel,
  tenancy: Tenancy,
  {
    pending,
    held,
    reason,
  }: { pending: DeliveryDocument[]; held: DeliveryDocument[]; reason: 'quiet_hours' | 'daily' },
  now: Date,
): Promise<NextMessage> {
  const { deliveries } = stores;
  const choice =
    chooseNext([...pending, ...held], now) ??
    // Due deliveries may come after more waiting retries than were read.
    chooseNext(await listFurtherDue(deliveries, tenancy, pending, now), now);
  if (choice === undefined) return { kind: 'not yet', until: earliest(pending) };
  if (choice.kind === 'digest')
    return choice.isSplit
      ? buildSplitDigest(stores, tenancy, reason, now)
      : buildNextDigest(stores, tenancy, { pending, held, reason });
  const acknowledged = choice.deliveries.filter(isAcknowledgedReminder);
  if (acknowledged.length > 0) return { kind: 'acknowledged', deliveries: acknowledged };
  const { pairs, orphans } = await withEvents(stores.events, choice.deliveries);
  if (orphans.length > 0) return { kind: 'orphans', deliveries: orphans };
  const mentions = await stores.findMentions(channel, pairs);
  const options = { isPlain: choice.isPlain, waiting: pending.length + held.length, mentions };
  const built = toBuiltMessage(pairs, options);
  // Retries that are not due are only added to others: a message of them alone would be repeated forever.
  if (built.deliveries.some((delivery) => isDue(delivery, now))) return { kind: 'batch', built };
  const due = pairs.filter(({ delivery }) => isDue(delivery, now));
  return { kind: 'batch', built: toBuiltMessage(due, options) };
}

/** Acknowledging an alert acknowledges its reminder as well, and drops it after that. */
function isAcknowledgedReminder({ reminder, acknowledgedAt }: DeliveryDocument): boolean {
  return reminder !== undefined && acknowledgedAt !== null;
}

async function listFurtherDue(
  deliveries: DeliveryStore,
  tenancy: Tenancy,
  pending: readonly DeliveryDocument[],
  now: Date,
): Promise<DeliveryDocument[]> {
  return pending.length > maxAlerts ? deliveries.listPendingDue(tenancy, now, maxAlerts) : [];
}

function toBuiltMessage(
  pairs: readonly DeliveryWithEvent[],
  { isPlain, waiting, mentions }: { isPlain: boolean; waiting: number; mentions: Mentions },
): BuiltMessage {
  const events = pairs.map(({ event }) => event);
  const { message, included } = isPlain
    ? toPlainText(events)
    : buildAlertMessage(events, buildControls(pairs, { mentions }));
  const deliveries = pairs.slice(0, included).map(({ delivery }) => delivery);
  return { message, deliveries, entries: included, isPlain, more: waiting > included };
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
