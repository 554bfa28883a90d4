import pLimit from 'p-limit';
import type { Logger } from 'pino';
import { type Clock, later } from '../lib/clock.ts';
import type { FairLimit } from '../lib/fair-limit.ts';
import { buildAlertMessage } from '../messages/alert-message.ts';
import type { SendableChannel } from '../store/channels/document.ts';
import type { ChannelHealthStore, RetryableChannel } from '../store/channels/health.ts';
import type { ChangedChannel } from '../store/channels/outbox.ts';
import { type ChannelStore, teamIdOf } from '../store/channels/store.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import type { EventStore } from '../store/events.ts';
import { orUnreadable } from '../store/keyring.ts';
import { type Tenancy, tenancyOf } from '../store/tenancy.ts';
import { buildControls } from './build-controls.ts';
import { giveUp } from './give-up.ts';
import type { Observer } from './observer.ts';
import { readFresh } from './read-fresh.ts';
import { firstRecoveryMs, recoveryMs, toBrokenState } from './retry-schedule.ts';
import type { SendingLock } from './sending-lock.ts';
import { createTroubles, waitEnd } from './trouble.ts';
import { classifyAnswer, isFromSlack, type Outcome } from './webhook/classify-response.ts';
import type { WebhookClient } from './webhook/client.ts';
import { type DeliveryWithEvent, withEvents } from './with-events.ts';

const concurrency = 4;

/** Maximum number of held alerts to choose one from. */
const maxCandidates = 50;

/** Maximum number of writes while the database is unavailable, and the delay between them. */
const maxWrites = 60;
const writeDelayMs = 1000;

type Renew = () => Promise<boolean>;

type Attempt = { channel: SendableChannel; held: DeliveryWithEvent };

/**
 * Tries each broken channel with one of its held alerts; if Slack accepts it, the rest is sent as a digest.
 * @returns a recovery step, which is harmless if repeated, late, or concurrent
 */
export function createBrokenChannelRecovery(parts: {
  channels: Pick<ChannelStore, 'findWebhook'>;
  channelHealth: ChannelHealthStore;
  deliveries: DeliveryStore;
  events: EventStore;
  reevaluateHeld: (channelId: string) => Promise<void>;
  webhook: Pick<WebhookClient, 'post'>;
  slots: FairLimit;
  withSendingPaused: SendingLock['withSendingPaused'];
  publish: (changed: ChangedChannel) => Promise<unknown>;
  observer: Pick<Observer, 'posted'>;
  clock: Clock;
  logger: Logger;
}): () => Promise<void> {
  const { channels, channelHealth, deliveries, events, clock, logger } = parts;
  const limit = pLimit(concurrency);

  async function tryAgain(channel: RetryableChannel): Promise<void> {
    const tenancy = tenancyOf(channel);
    if (tenancy === undefined || !(await deliveries.hasHeldDue(tenancy, clock.now()))) return;
    // Claims the channel first: after a crash, or without a clear answer, the next try is in an hour.
    if (!(await channelHealth.postponeRetry(channel, later(clock, firstRecoveryMs)))) return;
    await parts.withSendingPaused(channel._id, async (acquired, renew) => {
      if (!acquired || (await findBroken(tenancy)) === undefined) return;
      await parts.reevaluateHeld(channel._id);
      const posted = await parts.slots(teamIdOf(channel._id), async () => {
        // Reads again, because the alert may have waited long for a slot.
        const read = await readFresh(clock, () => readAttempt(channel, tenancy, renew));
        return read?.value && { ...read.value, outcome: await post(read.value) };
      });
      if (posted !== undefined) await recordOutcome(posted, posted.outcome, renew);
      // Reminders are not part of a digest. One whose answer was lost stays, because it counts its lost answers.
      if (posted?.outcome.kind !== 'retry' || !posted.outcome.lost)
        await deliveries.withdrawReminders('held', tenancy);
    });
  }

  async function readAttempt(
    due: RetryableChannel,
    tenancy: Tenancy,
    renew: Renew,
  ): Promise<Attempt | undefined> {
    const channel = (await renew()) ? await findBroken(tenancy) : undefined;
    if (channel === undefined || waitEnd(channel.trouble, clock.now()) !== undefined) return undefined;
    const candidates = await listCandidates(tenancy);
    const held = candidates[candidateIndex(due, clock.now()) % candidates.length];
    const isDecided = held !== undefined && held.delivery.rulesEpoch >= channel.rulesEpoch;
    return isDecided ? { channel, held } : undefined;
  }

  /** @returns `undefined` if the channel was reconnected, serves another account, or cannot be read */
  async function findBroken({ channelId, accountId }: Tenancy): Promise<SendableChannel | undefined> {
    const found = await orUnreadable(channels.findWebhook(channelId));
    if (found === 'unreadable')
      logger.error({ channelId }, 'the webhook URL of a broken channel cannot be decrypted');
    else if (found?.isBroken === true && found.accountId === accountId) return found;
    return undefined;
  }

  async function listCandidates(tenancy: Tenancy): Promise<DeliveryWithEvent[]> {
    const due = await deliveries.listHeldDue(tenancy, clock.now(), maxCandidates);
    const { pairs, orphans } = await withEvents(events, due);
    await giveUp(parts, tenancy.channelId, orphans);
    return pairs;
  }

  async function post({ channel, held }: Attempt): Promise<Outcome> {
    const { message } = buildAlertMessage([held.event], buildControls([held]));
    const began = clock.monotonic();
    const answer = await parts.webhook.post(channel.webhookUrl, message);
    const outcome = classifyAnswer(answer, clock.now());
    const status = answer.kind === 'answered' ? answer.status : undefined;
    parts.observer.posted({ kind: 'alert', outcome, status, ms: clock.monotonic() - began });
    logger.info({ channelId: channel.id, outcome: outcome.kind }, 'a broken channel was tried again');
    return outcome;
  }

  async function recordOutcome({ channel, held }: Attempt, outcome: Outcome, renew: Renew): Promise<void> {
    const now = clock.now();
    const { _id } = held.delivery;
    if (outcome.kind === 'broken') {
      await channelHealth.stayBroken(channel, toBrokenState(outcome, now, recoveryMs));
      return;
    }
    if (outcome.kind === 'wait') await createTroubles(parts).recordOutcome(channel, outcome);
    if (outcome.kind === 'retry' && outcome.lost) await deliveries.countTriedLostAnswer(_id, now);
    if (!isFromSlack(outcome)) return;
    // This comes first, since an active channel's worker would send again what is still held.
    if (outcome.kind === 'sent') await markSent(_id, now, renew);
    const restored = await channelHealth.restore(channel, {
      action: 'restored',
      actor: null,
      at: now,
    });
    if (restored !== undefined) await parts.publish(restored);
  }

  async function markSent(id: string, now: Date, renew: Renew): Promise<void> {
    for (let writes = 1; ; writes++) {
      try {
        await deliveries.sendTried(id, now);
        return;
      } catch (error) {
        if (writes === maxWrites) throw error;
        logger.error(
          { err: error, deliveryId: id },
          'an alert that Slack accepted is not marked as sent yet',
        );
      }
      await clock.sleep(writeDelayMs, new AbortController().signal);
      // Keeps other senders away; if it fails, the write is still needed.
      await renew().catch(() => false);
    }
  }

  return async () => {
    const due = await channelHealth.listRetryable(clock.now());
    const tried = await Promise.allSettled(due.map((channel) => limit(() => tryAgain(channel))));
    for (const result of tried) if (result.status === 'rejected') throw result.reason;
  };
}

/** Chooses another alert each hour, since one may be the reason why Slack does not answer. */
function candidateIndex({ brokenAt }: RetryableChannel, now: Date): number {
  const sinceFirst = now.getTime() - (brokenAt?.getTime() ?? now.getTime()) - firstRecoveryMs;
  return Math.max(0, Math.floor(sinceFirst / firstRecoveryMs));
}
