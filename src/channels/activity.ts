import { z } from 'zod';
import type { PerlyEvent } from '../domain/event.ts';
import type { Channel } from '../store/channels/document.ts';
import { type DeliveryDocument, deliveryKey, reminderKey } from '../store/deliveries/document.ts';
import type { DeliveryState } from '../store/deliveries/states.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { EventDocument } from '../store/event-document.ts';
import { type EventStore, eventKey } from '../store/events.ts';
import { type Tenancy, tenancyOf } from '../store/tenancy.ts';

/** `suppressed` also lists alerts that were dropped later. */
export const activityOutcomes = ['sent', 'held', 'suppressed', 'failed'] as const;

export type ActivityOutcome = (typeof activityOutcomes)[number];

/** Position: an event's `sequence`, or milliseconds and the number of earlier items of that time. */
export const activityPosition = z.union([z.number(), z.tuple([z.number(), z.int().min(0)])]);

export type ActivityPosition = z.infer<typeof activityPosition>;

export type ActivityItem = {
  event: PerlyEvent;
  receivedAt: Date;
  position: ActivityPosition;
  /** `suppressed` if it has no delivery. */
  outcome: DeliveryState | 'suppressed';
  /** The rule that suppressed it, the reason it was dropped, or the error of its last attempt. */
  reason: string | null;
  /** When it was sent or given up, or when its next attempt or digest is due. */
  at: Date | null;
  inDigest: boolean;
  deliveryId: string | null;
  acknowledgedBy: string | null;
  undoneBy: string | null;
  remindedAt: Date | null;
};

export type ActivityQuery = {
  limit: number;
  outcome?: ActivityOutcome | undefined;
  customerId?: string | undefined;
  after?: ActivityPosition | undefined;
};

/** A page may have fewer items than its limit, or none, although `next` is set. */
export type ActivityPage = { items: ActivityItem[]; next: ActivityPosition | undefined };

type Stores = {
  events: Pick<EventStore, 'listOfChannel' | 'listByKeys'>;
  deliveries: Pick<DeliveryStore, 'listByIds' | 'listFinished' | 'listBefore'>;
};

/** Lists the outcomes of a channel's events, latest first: by arrival, or when sent or failed. */
export async function listActivity(
  stores: Stores,
  channel: Pick<Channel, '_id' | 'accountId'>,
  query: ActivityQuery,
): Promise<ActivityPage> {
  const tenancy = tenancyOf(channel);
  if (tenancy === undefined) return { items: [], next: undefined };
  const page = await listPage(stores, tenancy, query);
  return { ...page, items: await withReminders(stores, tenancy, page.items) };
}

function listPage(stores: Stores, tenancy: Tenancy, query: ActivityQuery): Promise<ActivityPage> {
  const { outcome, customerId } = query;
  if (outcome === undefined || customerId !== undefined) return listByArrival(stores, tenancy, query);
  if (outcome === 'suppressed') return listSuppressed(stores, tenancy, query);
  return outcome === 'held' ? listHeld(stores, tenancy, query) : listByEnd(stores, tenancy, outcome, query);
}

/** A reminder that was recorded counts once Slack has accepted it. */
async function withReminders(
  { deliveries }: Stores,
  { channelId }: Tenancy,
  items: readonly ActivityItem[],
): Promise<ActivityItem[]> {
  const keyOf = ({ event }: ActivityItem) => reminderKey(eventKey(event.account_id, event.id), channelId);
  const keys = items.filter(({ remindedAt }) => remindedAt !== null).map(keyOf);
  const reminders = keys.length === 0 ? [] : await deliveries.listByIds(keys);
  const sent = new Map(reminders.flatMap((one) => (one.state === 'sent' ? [[one._id, one.finishedAt]] : [])));
  return items.map((item) => ({ ...item, remindedAt: sent.get(keyOf(item)) ?? null }));
}

async function listByArrival(
  { events, deliveries }: Stores,
  { channelId, accountId }: Tenancy,
  { limit, outcome, customerId, after }: ActivityQuery,
): Promise<ActivityPage> {
  const { found, end } = await events.listOfChannel(accountId, channelId, {
    before: toSequence(after),
    limit: limit + 1,
    customerId,
    outcomes: outcome === undefined || outcome === 'suppressed' ? undefined : ['send', 'hold'],
  });
  const page = found.slice(0, limit);
  const keys = page.map(({ _id }) => deliveryKey(_id, channelId));
  const byId = new Map((await deliveries.listByIds(keys)).map((delivery) => [delivery._id, delivery]));
  const items = page.map((event, index) => toItem(event, channelId, byId.get(keys[index] ?? '')));
  return {
    items: items.filter((item) => outcome === undefined || toListed(item.outcome) === outcome),
    next: found.length > limit ? page.at(-1)?.sequence : end,
  };
}

async function listSuppressed(
  { events, deliveries }: Stores,
  tenancy: Tenancy,
  { limit, after }: ActivityQuery,
): Promise<ActivityPage> {
  const { accountId, channelId } = tenancy;
  const before = toSequence(after);
  const [{ found, end }, dropped] = await Promise.all([
    events.listOfChannel(accountId, channelId, { before, limit: limit + 1, outcomes: ['suppress'] }),
    deliveries.listBefore(tenancy, 'dropped', before, limit + 1),
  ]);
  const merged: { sequence: number; event?: EventDocument; delivery?: DeliveryDocument }[] = [
    ...found.map((event) => ({ sequence: event.sequence, event })),
    ...dropped.map((delivery) => ({ sequence: delivery.sequence, delivery })),
  ]
    .filter(({ sequence }) => end === undefined || sequence >= end)
    .toSorted((a, b) => b.sequence - a.sequence);
  const page = merged.slice(0, limit);
  const listed = await events.listByKeys(page.flatMap(({ delivery }) => delivery?.eventKey ?? []));
  const byKey = new Map(listed.map((event) => [event._id, event]));
  const items = page.flatMap(({ sequence, event, delivery }) => {
    const about = event ?? byKey.get(delivery?.eventKey ?? '');
    return about === undefined ? [] : { ...toItem(about, channelId, delivery), position: sequence };
  });
  return { items, next: merged.length > limit ? page.at(-1)?.sequence : end };
}

async function listHeld(
  stores: Stores,
  tenancy: Tenancy,
  { limit, after }: ActivityQuery,
): Promise<ActivityPage> {
  const found = await stores.deliveries.listBefore(tenancy, 'held', toSequence(after), limit + 1);
  return toPage(stores.events, found, limit, ({ sequence }) => sequence);
}

async function listByEnd(
  stores: Stores,
  tenancy: Tenancy,
  state: 'sent' | 'failed',
  { limit, after }: ActivityQuery,
): Promise<ActivityPage> {
  const [at, skip] = Array.isArray(after) ? after : [];
  const from = at !== undefined && skip !== undefined ? { at: new Date(at), skip } : undefined;
  const found = await stores.deliveries.listFinished(tenancy, state, from, limit + 1);
  return toPage(stores.events, found, limit, ({ finishedAt }, index) => {
    const time = finishedAt?.getTime() ?? 0;
    const before = found.slice(0, index + 1).filter((one) => one.finishedAt?.getTime() === time).length;
    return [time, before + (time === at ? (skip ?? 0) : 0)];
  });
}

/** @param found one item more than `limit`, if there is one */
async function toPage(
  events: Stores['events'],
  found: readonly DeliveryDocument[],
  limit: number,
  positionOf: (delivery: DeliveryDocument, index: number) => ActivityPosition,
): Promise<ActivityPage> {
  const page = found.slice(0, limit);
  const listed = await events.listByKeys(page.map(({ eventKey }) => eventKey));
  const byKey = new Map(listed.map((event) => [event._id, event]));
  const items = page.flatMap((delivery, index) => {
    const event = byKey.get(delivery.eventKey);
    const position = positionOf(delivery, index);
    return event === undefined ? [] : { ...toItem(event, delivery.channelId, delivery), position };
  });
  const last = page.at(-1);
  return {
    items,
    next: found.length > limit && last !== undefined ? positionOf(last, limit - 1) : undefined,
  };
}

function toListed(outcome: ActivityItem['outcome']): ActivityItem['outcome'] {
  return outcome === 'dropped' ? 'suppressed' : outcome;
}

function toSequence(after: ActivityPosition | undefined): number {
  return typeof after === 'number' ? after : Number.MAX_SAFE_INTEGER;
}

function toItem(
  { event, receivedAt, sequence, decisions }: EventDocument,
  channelId: string,
  delivery: DeliveryDocument | undefined,
): ActivityItem {
  const decision = decisions.find((each) => each.channelId === channelId);
  const common = { event, receivedAt, position: sequence };
  if (delivery !== undefined)
    return {
      ...common,
      outcome: delivery.state,
      reason: delivery.lastError,
      at: delivery.finishedAt ?? delivery.nextAttemptAt,
      inDigest: delivery.digest !== null,
      deliveryId: delivery._id,
      acknowledgedBy: delivery.acknowledgedBy,
      undoneBy: delivery.acknowledgementUndone?.by ?? null,
      remindedAt: delivery.remindedAt ?? null,
    };
  const reason = decision?.outcome === 'suppress' ? decision.reason : null;
  return {
    ...common,
    outcome: reason === null ? 'pending' : 'suppressed',
    reason,
    at: null,
    inDigest: false,
    deliveryId: null,
    acknowledgedBy: null,
    undoneBy: null,
    remindedAt: null,
  };
}
