import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { PerlyEvent } from '../perly/event.ts';
import { buildAlertMessage } from '../slack/messages/alert-message.ts';
import { toPlainText } from '../slack/messages/plain-text.ts';
import { toVerdict, type Verdict } from '../slack/webhook/verdict.ts';
import type { WebhookClient } from '../slack/webhook/webhook-client.ts';
import type { ChannelStore, SendableChannel } from '../store/channels.ts';
import type { DeliveryDocument, DeliveryStore } from '../store/deliveries.ts';
import type { EventStore } from '../store/events.ts';
import { afterRetention } from './retention.ts';
import { retryDelay } from './retry-schedule.ts';

/** Slack joins no more attachments than this well in one message. */
const longestBatch = 20;

/** Slack takes about one message a second for each webhook and channel. Milliseconds. */
const paceMs = 1000;

/**
 * What the channel needs next: nothing (`idle`); another turn at `until`, or sooner when something is recorded
 * (`waiting`); or, after a POST, a rest until `until` whatever comes, and then a turn if there is `more` (`posted`).
 */
export type TurnResult =
  | { kind: 'idle' }
  | { kind: 'waiting'; until: Date }
  | { kind: 'posted'; until: Date; more: boolean };

export type Turn = (channelId: string) => Promise<TurnResult>;

export type TurnParts = {
  channels: ChannelStore;
  events: EventStore;
  deliveries: DeliveryStore;
  webhook: Pick<WebhookClient, 'post'>;
  clock: Pick<Clock, 'now'>;
  random: () => number;
  logger: Logger;
};

type Due = { delivery: DeliveryDocument; event: PerlyEvent };

/**
 * One message of one channel: reads what is due, joins as much of it as Slack takes, posts it, and writes down what
 * came of it. The caller sees to it that a channel has one turn at a time and keeps the pace between turns.
 *
 * What waits behind an alert that failed waits with it, so that the order stays; a critical alert does not.
 */
export function createTurn(parts: TurnParts): Turn {
  const { channels, events, deliveries, webhook, clock, random, logger } = parts;
  // Writes of `sent` that the database did not take: until it does, the channel sends nothing, least of all that again.
  const owed = new Map<string, () => Promise<void>>();

  return async (channelId) => {
    await settleDebt(channelId);
    const [channel, pending] = await Promise.all([
      channels.findSendable(channelId),
      deliveries.listPending(channelId, longestBatch + 1),
    ]);
    const [first] = pending;
    if (channel === undefined || first === undefined) return { kind: 'idle' };
    const due = takeDue(pending, clock.now());
    if (due.length === 0) return { kind: 'waiting', until: first.nextAttemptAt };

    const batch = await withEvents(due);
    if (batch.length === 0) return { kind: 'waiting', until: clock.now() };
    const { message, taken } = buildAlertMessage(batch.map(({ event }) => event));
    const sending = batch.slice(0, taken);
    const verdict = toVerdict(await webhook.post(channel.webhookUrl, message));
    return settle(channel, sending, verdict, pending.length > taken);
  };

  async function settleDebt(channelId: string): Promise<void> {
    await owed.get(channelId)?.();
    owed.delete(channelId);
  }

  /** Pairs deliveries with their events; one whose event is gone can never be sent and is `failed`. */
  async function withEvents(due: readonly DeliveryDocument[]): Promise<Due[]> {
    const found = new Map(
      (await events.listByKeys(due.map(({ eventKey }) => eventKey))).map(({ _id, event }) => [_id, event]),
    );
    const batch: Due[] = [];
    const gone: Pick<Due, 'delivery'>[] = [];
    for (const delivery of due) {
      const event = found.get(delivery.eventKey);
      if (event === undefined) gone.push({ delivery });
      else batch.push({ delivery, event });
    }
    if (gone.length > 0) {
      logger.error({ deliveries: toIds(gone) }, 'deliveries whose events expired were given up');
      await finish(gone, 'failed', 'event_expired');
    }
    return batch;
  }

  async function settle(
    channel: SendableChannel,
    sending: readonly Due[],
    verdict: Verdict,
    more: boolean,
  ): Promise<TurnResult> {
    const log = logger.child({ channelId: channel.id, alerts: sending.length });
    switch (verdict.kind) {
      case 'sent':
        owed.set(channel.id, () => finish(sending, 'sent', null));
        await settleDebt(channel.id);
        log.info('alerts sent');
        return posted(paceMs, more);
      case 'wait':
        log.warn({ error: verdict.error, waitMs: verdict.ms }, 'Slack asked to wait');
        return posted(Math.max(verdict.ms, paceMs), true);
      case 'retry':
        log.warn({ error: verdict.error }, 'Slack did not take the alerts');
        await retryLater(sending, verdict.error);
        return posted(paceMs, true);
      case 'broken':
        log.warn({ error: verdict.error }, 'the channel is broken');
        await channels.markBroken(channel, verdict.reason);
        return { kind: 'idle' };
      case 'refused':
        log.error(
          { error: verdict.error },
          'Slack refused a message of ours; it goes once more as plain text',
        );
        return sendPlain(channel, sending, more);
    }
  }

  /** The alert must arrive, if not in its beauty. */
  async function sendPlain(
    channel: SendableChannel,
    refused: readonly Due[],
    more: boolean,
  ): Promise<TurnResult> {
    const { message, taken } = toPlainText(refused.map(({ event }) => event));
    const sending = refused.slice(0, taken);
    const verdict = toVerdict(await webhook.post(channel.webhookUrl, message));
    const moreStill = more || taken < refused.length;
    if (verdict.kind !== 'refused') return settle(channel, sending, verdict, moreStill);
    logger.error({ channelId: channel.id, error: verdict.error }, 'Slack refused the plain text too');
    await finish(sending, 'failed', verdict.error);
    return posted(paceMs, moreStill);
  }

  async function retryLater(failed: readonly Due[], error: string): Promise<void> {
    for (const attempts of new Set(failed.map(({ delivery }) => delivery.attempts))) {
      const alike = failed.filter(({ delivery }) => delivery.attempts === attempts);
      const delay = retryDelay(attempts, random);
      if (delay === undefined) await finish(alike, 'failed', error);
      else await deliveries.postpone(toIds(alike), new Date(clock.now().getTime() + delay), error);
    }
  }

  function finish(done: readonly Pick<Due, 'delivery'>[], state: 'sent' | 'failed', error: string | null) {
    const finishedAt = clock.now();
    return deliveries.finish(
      toIds(done),
      state,
      { finishedAt, expiresAt: afterRetention(finishedAt) },
      error,
    );
  }

  function posted(restMs: number, more: boolean): TurnResult {
    return { kind: 'posted', until: new Date(clock.now().getTime() + restMs), more };
  }
}

function toIds(due: readonly Pick<Due, 'delivery'>[]): string[] {
  return due.map(({ delivery }) => delivery._id);
}

/** The deliveries from the front that are due; the first that is not keeps those behind it. */
function takeDue(pending: readonly DeliveryDocument[], now: Date): DeliveryDocument[] {
  const end = pending.findIndex(({ nextAttemptAt }) => nextAttemptAt > now);
  return pending.slice(0, end === -1 ? pending.length : end);
}
