import pLimit from 'p-limit';
import type { Logger } from 'pino';
import { type Clock, later } from '../lib/clock.ts';
import { buildAlertMessage } from '../messages/alert-message.ts';
import type { SendableChannel } from '../store/channels/document.ts';
import type { ChannelHealthStore, RetryableChannel } from '../store/channels/health.ts';
import type { ChangedChannel } from '../store/channels/outbox.ts';
import type { ChannelStore } from '../store/channels/store.ts';
import type { DeliveryDocument } from '../store/deliveries/document.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { EventStore } from '../store/events.ts';
import { orUnreadable } from '../store/keyring.ts';
import { type Tenancy, tenancyOf } from '../store/tenancy.ts';
import { buildControls } from './build-controls.ts';
import type { Observer } from './observer.ts';
import { firstRecoveryMs, recoveryMs, toBreak } from './retry-schedule.ts';
import type { SendingLock } from './sending-lock.ts';
import { classifyAnswer, isFromSlack, type Outcome } from './webhook/classify-response.ts';
import type { WebhookClient } from './webhook/client.ts';
import { type DeliveryWithEvent, withEvents } from './with-events.ts';

/** How many channels are tried at once. */
const concurrency = 4;

/** Of how many held alerts of a channel one is taken for a try. */
const maxCandidates = 50;

/**
 * Tries broken channels again whose reason can pass by itself, each with one of the alerts that it holds. When Slack
 * takes it, the channel is active again, and the rest comes as its digest.
 *
 * @returns a run, which does no harm when it comes twice, late, or in two processes at once
 */
export function createBrokenChannelRecovery(parts: {
  channels: Pick<ChannelStore, 'findWebhook'>;
  channelHealth: ChannelHealthStore;
  deliveries: DeliveryStore;
  events: EventStore;
  /** Decides anew what a channel holds. */
  reevaluateHeld: (channelId: string) => Promise<void>;
  webhook: Pick<WebhookClient, 'post'>;
  withSendingPaused: SendingLock['withSendingPaused'];
  publish: (changed: ChangedChannel) => Promise<unknown>;
  observer: Pick<Observer, 'posted'>;
  clock: Pick<Clock, 'now' | 'monotonic'>;
  logger: Logger;
}): () => Promise<void> {
  const { channels, channelHealth, deliveries, events, clock, logger } = parts;
  const limit = pLimit(concurrency);

  async function tryAgain(channel: RetryableChannel): Promise<void> {
    const tenancy = tenancyOf(channel);
    if (tenancy === undefined || !(await deliveries.hasHeldDue(tenancy, clock.now()))) return;
    // Claimed first: where a process dies in the middle, or the answer says nothing, it is tried again in an hour.
    if (!(await channelHealth.postponeRetry(channel, later(clock, firstRecoveryMs)))) return;
    await parts.withSendingPaused(channel._id, async (acquired) => {
      const sendable = acquired ? await findBroken(tenancy) : undefined;
      if (sendable === undefined) return;
      await parts.reevaluateHeld(channel._id);
      const candidates = await listCandidates(tenancy);
      const held = candidates[candidateIndex(channel, clock.now()) % candidates.length];
      if (held !== undefined) await post(sendable, held);
    });
  }

  /** @returns `undefined` for a channel that was connected anew, serves another account, or cannot be read */
  async function findBroken({ channelId, accountId }: Tenancy): Promise<SendableChannel | undefined> {
    const found = await orUnreadable(channels.findWebhook(channelId));
    if (found === 'unreadable')
      logger.error({ channelId }, 'the webhook URL of a broken channel cannot be decrypted');
    else if (found?.isBroken === true && found.accountId === accountId) return found;
    return undefined;
  }

  /** What the channel holds; what expired meanwhile fails, and stands in front of nothing. */
  async function listCandidates(tenancy: Tenancy): Promise<DeliveryWithEvent[]> {
    const due = await deliveries.listHeldDue(tenancy, clock.now(), maxCandidates);
    const { pairs, orphans } = await withEvents(events, due);
    const expired = orphans.map(({ _id }) => _id);
    if (expired.length > 0) {
      logger.error(
        { channelId: tenancy.channelId, deliveries: expired.length },
        'deliveries whose events expired were given up',
      );
      await deliveries.requeueHeld(expired, clock.now());
      await deliveries.fail(expired, clock.now(), 'event_expired');
    }
    return pairs;
  }

  async function post(channel: SendableChannel, held: DeliveryWithEvent): Promise<void> {
    const { message } = buildAlertMessage([held.event], buildControls([held]));
    const began = clock.monotonic();
    const answer = await parts.webhook.post(channel.webhookUrl, message);
    const outcome = classifyAnswer(answer, clock.now());
    const status = answer.kind === 'answered' ? answer.status : undefined;
    parts.observer.posted({ kind: 'alert', outcome, status, ms: clock.monotonic() - began });
    logger.info({ channelId: channel.id, outcome: outcome.kind }, 'a broken channel was tried again');
    await settle(channel, held.delivery, outcome);
  }

  async function settle(channel: SendableChannel, held: DeliveryDocument, outcome: Outcome): Promise<void> {
    const now = clock.now();
    if (outcome.kind === 'broken') {
      await channelHealth.stayBroken(channel, toBreak(outcome, now, recoveryMs));
      return;
    }
    if (outcome.kind === 'retry' && outcome.lost) await deliveries.countHeldLostAnswer([held._id], now);
    if (!isFromSlack(outcome)) return;
    const restored = await channelHealth.restore(channel, {
      action: 'restored',
      actor: null,
      at: now,
    });
    if (outcome.kind === 'sent') await deliveries.sendHeld([held._id], now);
    if (restored !== undefined) await parts.publish(restored);
  }

  return async () => {
    const due = await channelHealth.listRetryable(clock.now());
    const tried = await Promise.allSettled(due.map((channel) => limit(() => tryAgain(channel))));
    for (const result of tried) if (result.status === 'rejected') throw result.reason;
  };
}

/** Which of the alerts is tried: another one each hour, since what gets no word of Slack's may be one alert's fault. */
function candidateIndex({ brokenAt }: RetryableChannel, now: Date): number {
  const sinceFirst = now.getTime() - (brokenAt?.getTime() ?? now.getTime()) - firstRecoveryMs;
  return Math.max(0, Math.floor(sinceFirst / firstRecoveryMs));
}
