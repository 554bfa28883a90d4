import type { Logger } from 'pino';
import { decide } from '../domain/decide.ts';
import type { PerlyEvent } from '../domain/event.ts';
import { remindAt, remindDelay, shortestRemindMs } from '../domain/reminder.ts';
import type { Clock } from '../lib/clock.ts';
import { dayMs } from '../lib/time.ts';
import type { Channel } from '../store/channels/document.ts';
import type { ChannelStore } from '../store/channels/store.ts';
import { type DeliveryDocument, deliveryRef, reminderKey } from '../store/deliveries/document.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import { createSequence, type EventStore } from '../store/events.ts';
import type { Mute, MuteStore } from '../store/mutes.ts';
import { tenancyOf } from '../store/tenancy.ts';
import { forEachIsolated } from './for-each-isolated.ts';
import type { NextSteps } from './reevaluate-held.ts';

/** A reminder that a broken channel held up for longer is of no use. */
const maxOpenMs = dayMs;

/** Each reminder is a delivery of its own. Its id follows from the alert's, so that two processes record one. */
export function createReminders(parts: {
  channels: Pick<ChannelStore, 'listByIds'>;
  events: Pick<EventStore, 'listContents'>;
  deliveries: DeliveryStore;
  mutes: Pick<MuteStore, 'listByChannel'>;
  scheduleNext: (nextSteps: NextSteps) => void;
  clock: Pick<Clock, 'now'>;
  logger: Logger;
}): () => Promise<void> {
  const { channels, events, deliveries, mutes, clock, logger } = parts;
  const nextSequence = createSequence();

  async function listMutes(found: ReadonlyMap<string, Channel>, now: Date): Promise<Map<string, Mute[]>> {
    const muted = new Map<string, Mute[]>();
    for (const channel of found.values()) {
      const tenancy = tenancyOf(channel);
      if (tenancy !== undefined) muted.set(channel._id, await mutes.listByChannel(tenancy, now));
    }
    return muted;
  }

  async function remind(page: readonly DeliveryDocument[]): Promise<void> {
    const now = clock.now();
    const ids = [...new Set(page.map(({ channelId }) => channelId))];
    const found = new Map((await channels.listByIds(ids)).map((channel) => [channel._id, channel]));
    const ready = page.filter((delivery) => !isEarly(delivery, found.get(delivery.channelId), now));
    if (ready.length === 0) return;
    const [contents, muted] = await Promise.all([
      events.listContents(ready.map(({ eventKey }) => eventKey)),
      listMutes(found, now),
    ]);
    const due = ready.filter((delivery) => {
      const channel = found.get(delivery.channelId);
      const event = contents.get(delivery.eventKey);
      return (
        isOpen(delivery, channel, now) && isWanted(event, channel, muted.get(delivery.channelId) ?? [], now)
      );
    });
    await deliveries.recordReminders(
      due.flatMap((delivery) => toReminder(delivery, found.get(delivery.channelId), now)),
    );
    const reminded = new Set(due.map(({ _id }) => _id));
    // This precedes settling the alerts: after a crash in between, the next run drops the reminder.
    await dropAcknowledged(ready, now);
    await deliveries.markReminderDecided(due, now);
    const others = ready.filter(({ _id }) => !reminded.has(_id));
    const isOver = ({ acknowledgedAt }: DeliveryDocument) => acknowledgedAt === null;
    await deliveries.markReminderDecided(others.filter(isOver));
    await deliveries.markReminderUndecided(
      others.filter((delivery) => !isOver(delivery)).map(({ _id }) => _id),
    );
    parts.scheduleNext({ channelIds: [...new Set(due.map(({ channelId }) => channelId))], openings: [] });
    if (due.length > 0) logger.info({ reminders: due.length }, 'recorded reminders of critical alerts');
  }

  /** An acknowledgement between reading an alert and recording its reminder could not drop the reminder. */
  async function dropAcknowledged(alerts: readonly DeliveryDocument[], now: Date): Promise<void> {
    const again = await deliveries.listByIds(alerts.map(({ _id }) => _id));
    const done = again.filter(({ acknowledgedAt }) => acknowledgedAt !== null);
    if (done.length === 0) return;
    await deliveries.dropReminders(
      done.map(({ eventKey, channelId }) => reminderKey(eventKey, channelId)),
      now,
    );
  }

  function toReminder(
    { _id, eventKey, channelId, accountId, finishedAt, reminderRound: round }: DeliveryDocument,
    channel: Channel | undefined,
    now: Date,
  ): DeliveryDocument[] {
    if (channel === undefined || finishedAt === null) return [];
    const id = reminderKey(eventKey, channelId);
    const isBroken = channel.status === 'broken';
    return [
      {
        _id: id,
        eventKey,
        channelId,
        accountId,
        ref: deliveryRef(id),
        state: isBroken ? 'held' : 'pending',
        priority: 0,
        sequence: nextSequence(now),
        attempts: 0,
        lostAnswers: 0,
        nextAttemptAt: now,
        digest: isBroken ? 'broken' : null,
        rulesEpoch: channel.rulesEpoch,
        lastError: null,
        acknowledgedBy: null,
        acknowledgedAt: null,
        reminder: {
          of: _id,
          openMs: now.getTime() - finishedAt.getTime(),
          ...(round !== undefined && { round }),
        },
        createdAt: now,
        finishedAt: null,
        expiresAt: null,
      },
    ];
  }

  return async () => {
    const firstSentAt = [...(await deliveries.listChannelsAwaitingReminder())];
    const now = clock.now().getTime();
    const mayBeDue = firstSentAt.filter(([, at]) => at.getTime() <= now - shortestRemindMs);
    const ids = mayBeDue.map(([id]) => id);
    const found = new Map((await channels.listByIds(ids)).map((channel) => [channel._id, channel]));
    await forEachIsolated(mayBeDue, async ([id, first]) => {
      // Alerts that are not due yet are not read: a channel may have sent any number of them.
      const until = new Date(now - remindMsOf(found.get(id)));
      if (first > until) return;
      for await (const page of deliveries.listAwaitingReminder(id, until)) await remind(page);
    });
  };
}

/** Without reminders, alerts that await one are soon decided. */
function remindMsOf(channel: Channel | undefined): number {
  return remindDelay(channel?.rules.remindAfter ?? 'never') ?? shortestRemindMs;
}

function isEarly({ finishedAt }: DeliveryDocument, channel: Channel | undefined, now: Date): boolean {
  if (channel === undefined || finishedAt === null) return false;
  const at = remindAt(finishedAt, channel.rules.remindAfter);
  if (at === undefined) return false;
  if (at > now) return true;
  if (channel.status !== 'broken' || isTried(channel, now)) return false;
  return now.getTime() - finishedAt.getTime() < maxOpenMs;
}

/** A broken channel waits until it works again, since it is tried with what it holds. */
function isTried({ status, retryAt }: Channel, now: Date): boolean {
  return status === 'broken' && (retryAt?.getTime() ?? Number.POSITIVE_INFINITY) <= now.getTime();
}

function isOpen(delivery: DeliveryDocument, channel: Channel | undefined, now: Date): boolean {
  const { acknowledgedAt, accountId, finishedAt } = delivery;
  if (channel === undefined || finishedAt === null) return false;
  if (channel.status !== 'active' && !isTried(channel, now)) return false;
  // A delivery that a move carried over was recorded before the channel served its account.
  if (acknowledgedAt !== null || channel.accountId !== accountId || finishedAt < channel.servesSince)
    return false;
  return now.getTime() - finishedAt.getTime() < maxOpenMs;
}

/** A reminder is not wanted while the channel is paused or the customer muted. */
function isWanted(
  event: PerlyEvent | undefined,
  channel: Channel | undefined,
  mutes: readonly Mute[],
  now: Date,
): boolean {
  if (event === undefined || channel === undefined) return false;
  if (remindAt(now, channel.rules.remindAfter) === undefined) return false;
  return decide(event, { ...channel, mutes }, now).outcome === 'send';
}
