import { buildAlertMessage } from '../slack/messages/alert-message.ts';
import { buildDigest, toPlainDigest } from '../slack/messages/digest.ts';
import { toPlainText } from '../slack/messages/plain-text.ts';
import type { WebhookMessage } from '../slack/messages/webhook-message.ts';
import type { SendableChannel } from '../store/channels.ts';
import type { DeliveryStore } from '../store/deliveries.ts';
import type { DeliveryDocument } from '../store/delivery-document.ts';
import { byTurn } from '../store/delivery-questions.ts';
import type { EventStore } from '../store/events.ts';
import { controlsOf } from './controls-of.ts';
import { missedTooLong } from './held.ts';
import { arrivalsOf, type Pair, withEvents } from './with-events.ts';

/** Slack shows no more attachments than this well in one message, and a message with more is refused. */
const longestBatch = 20;

/** How many alerts one digest sums up at most, to bound what is read at once; what is beyond goes into the next. */
export const longestDigest = 10_000;

/** A message, ready to be posted, and the deliveries that are done with it. */
export type Composition = { message: WebhookMessage; deliveries: DeliveryDocument[] };

/** What a channel may send now. */
export type Batch = {
  /** The message, and as many deliveries as it holds. */
  composed: Composition;
  /** The same once more as plain text, for when Slack refuses the message. */
  plain(): Composition;
  /** Whether something is left behind it. */
  more: boolean;
};

/** What there is to send: nothing at all, nothing before an instant, deliveries without their events, or a batch. */
export type NextBatch =
  | { kind: 'nothing' }
  | { kind: 'not yet'; until: Date }
  | { kind: 'orphans'; deliveries: DeliveryDocument[] }
  | { kind: 'batch'; batch: Batch };

type Stores = { deliveries: DeliveryStore; events: EventStore };

/**
 * Puts together the next message of a channel that is active. Order is kept: when anything is due, what stands before
 * it goes along, also what waits for its retry; so an alert of now never waits for the far retry of an old one. What
 * was held stands where it arrived, and goes out together, as one digest.
 */
export async function composeNext(
  stores: Stores,
  channel: SendableChannel,
  now: Date,
  { forHeld }: { forHeld: boolean },
): Promise<NextBatch> {
  const { deliveries } = stores;
  const waiting = await deliveries.listWaiting(channel.id, now, {
    pending: longestBatch + 1,
    held: forHeld ? longestDigest : 0,
  });
  const { pending } = waiting;
  const held = await dropTooOld(deliveries, channel, waiting.held, now);
  const [first] = [...pending, ...held].sort(byTurn);
  if (first === undefined) return { kind: 'nothing' };
  const isDue = held.length > 0 || pending.some(({ nextAttemptAt }) => nextAttemptAt <= now);
  if (!isDue && !(await deliveries.hasDue(channel.id, now)))
    return { kind: 'not yet', until: earliest(pending) };

  if (first.digest !== null) return composeDigest(stores, channel, { pending, held });
  const firstDigest = pending.findIndex(({ digest }) => digest !== null);
  const end = firstDigest === -1 ? longestBatch : Math.min(firstDigest, longestBatch);
  const alerts = pending.slice(0, end).filter((alert) => held.every((other) => byTurn(alert, other) < 0));
  const { pairs, orphans } = await withEvents(stores.events, alerts);
  if (orphans.length > 0) return { kind: 'orphans', deliveries: orphans };
  return { kind: 'batch', batch: toBatch(pairs, pending.length + held.length) };
}

/** Of what a channel missed while it was broken, the last 72 hours are left. */
async function dropTooOld(
  deliveries: DeliveryStore,
  channel: SendableChannel,
  held: DeliveryDocument[],
  now: Date,
): Promise<DeliveryDocument[]> {
  const before = missedTooLong(now);
  const isTooOld = ({ digest, createdAt, nextAttemptAt }: DeliveryDocument) =>
    digest === 'broken' && createdAt < before && nextAttemptAt < before;
  if (!held.some(isTooOld)) return held;
  await deliveries.dropOld(channel.id, before, now, 'broken');
  return held.filter((delivery) => !isTooOld(delivery));
}

function toBatch(pairs: readonly Pair[], waiting: number): Batch {
  const take = ({ message, taken }: { message: WebhookMessage; taken: number }): Composition => ({
    message,
    deliveries: pairs.slice(0, taken).map(({ delivery }) => delivery),
  });
  const events = pairs.map(({ event }) => event);
  const composed = take(buildAlertMessage(events, controlsOf(pairs)));
  return {
    composed,
    plain: () => take(toPlainText(events.slice(0, composed.deliveries.length))),
    more: waiting > composed.deliveries.length,
  };
}

/** One digest of all that was held, for whichever reasons, and of one that Slack did not take: there are never two. */
async function composeDigest(
  stores: Stores,
  channel: SendableChannel,
  { pending, held }: { pending: readonly DeliveryDocument[]; held: readonly DeliveryDocument[] },
): Promise<NextBatch> {
  const { deliveries } = stores;
  const again = pending.some(({ digest }) => digest !== null)
    ? await deliveries.listDigest(channel.id, longestDigest)
    : [];
  const all = [...again, ...held].sort((a, b) => a.sequence - b.sequence).slice(0, longestDigest);
  const { pairs, orphans } = await withEvents(stores.events, all);
  if (orphans.length > 0) return { kind: 'orphans', deliveries: orphans };
  const wasBroken = all.some(({ digest }) => digest === 'broken');
  const left =
    wasBroken && channel.brokenAt !== null ? await deliveries.countTooOld(channel.id, channel.brokenAt) : 0;
  const events = pairs.map(({ event }) => event);
  const reason = wasBroken ? 'broken' : 'quiet_hours';
  const input = { events, arrivals: arrivalsOf(pairs), reason, left, controls: controlsOf(pairs) } as const;
  const done = (message: WebhookMessage): Composition => ({ message, deliveries: all });
  const more = pending.some(({ digest }) => digest === null) || all.length === longestDigest;
  return {
    kind: 'batch',
    batch: { composed: done(buildDigest(input)), plain: () => done(toPlainDigest(input)), more },
  };
}

function earliest(pending: readonly DeliveryDocument[]): Date {
  return new Date(Math.min(...pending.map(({ nextAttemptAt }) => nextAttemptAt.getTime())));
}
