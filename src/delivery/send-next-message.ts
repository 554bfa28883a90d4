import type { Logger } from 'pino';
import { type Clock, later } from '../lib/clock.ts';
import type { FairLimit } from '../lib/fair-limit.ts';
import type { Channel, SendableChannel } from '../store/channels/document.ts';
import type { ChannelHealthStore } from '../store/channels/health.ts';
import { teamIdOf } from '../store/channels/store.ts';
import { type DeliveryDocument, isSplit } from '../store/deliveries/document.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import { type EventStore, receivedAt } from '../store/events.ts';
import type { Tenancy } from '../store/tenancy.ts';
import { buildNextMessage } from './build-next-message.ts';
import type { BuiltMessage } from './built-message.ts';
import { giveUp } from './give-up.ts';
import type { Lease } from './lease-manager.ts';
import { createMessageLog, type LoggedMessage } from './message-log.ts';
import { type MessageKind, noopObserver, type Observer } from './observer.ts';
import type { OwnerMentions } from './owner-mentions.ts';
import { createFailureRecorder } from './record-failure.ts';
import { slackPaceMs, toBrokenState } from './retry-schedule.ts';
import { splitMessage } from './split-message.ts';
import { createTimeoutBackoff } from './timeout-backoff.ts';
import { createTroubles, waitEnd } from './trouble.ts';
import { classifyAnswer, type Outcome } from './webhook/classify-response.ts';
import type { WebhookClient } from './webhook/client.ts';

/**
 * `idle`: nothing to send. `waiting`: call again at `until`, or earlier for new deliveries. `blocked`: not
 * before `until`, since Slack asked to wait. `posted`: call again at `until` if there is `more`.
 */
export type SendResult =
  | { kind: 'idle' }
  | { kind: 'waiting'; until: Date }
  | { kind: 'blocked'; until: Date }
  | { kind: 'posted'; until: Date; more: boolean };

/** @param options whether to consider held deliveries too; true by default */
export type SendNextMessage = (lease: Lease, options?: { includeHeld: boolean }) => Promise<SendResult>;

type Parts = {
  channelHealth: ChannelHealthStore;
  events: EventStore;
  deliveries: DeliveryStore;
  findMentions: OwnerMentions;
  webhook: Pick<WebhookClient, 'post'>;
  slots: FairLimit;
  reevaluateHeld: (channelId: string) => Promise<void>;
  clock: Pick<Clock, 'now' | 'monotonic'>;
  random: () => number;
  paceMs?: number;
  observer?: Observer;
  onBroken?: (channel: Channel) => Promise<void>;
  /** Called when one of the workspace's channels got into or out of trouble. */
  onTrouble?: (teamId: string) => void;
  logger: Logger;
};

/** The caller holds the channel's lease and keeps the pace between messages. */
export function createSendNextMessage(parts: Parts): SendNextMessage {
  const { channelHealth, deliveries, webhook, slots, clock, random, paceMs = slackPaceMs, logger } = parts;
  const { observer = noopObserver } = parts;
  const log = createMessageLog(logger, clock);
  const backoff = createTimeoutBackoff(random);
  const troubles = createTroubles(parts);
  const recordFailure = createFailureRecorder({ deliveries, troubles, clock, random });
  // Writes of `sent` that failed: until they succeed, the channel sends nothing, so that nothing is repeated.
  const pendingWrites = new Map<string, () => Promise<unknown>>();

  return async (lease, options = { includeHeld: true }) => {
    const { channel } = lease;
    await flushPendingWrites(channel.id);
    const waitsUntil = waitEnd(channel.trouble, clock.now());
    if (waitsUntil !== undefined) return { kind: 'blocked', until: waitsUntil };
    const next = await buildNextMessage(parts, channel, clock.now(), options);
    switch (next.kind) {
      case 'nothing':
        return { kind: 'idle' };
      case 'not yet':
        return { kind: 'waiting', until: next.until };
      case 'outdated':
        await parts.reevaluateHeld(channel.id);
        return { kind: 'waiting', until: clock.now() };
      case 'orphans':
        await giveUp(parts, channel.id, next.deliveries);
        return { kind: 'waiting', until: clock.now() };
      case 'acknowledged':
        await deliveries.dropReminders(toIds(next.deliveries), clock.now());
        return { kind: 'waiting', until: clock.now() };
      case 'batch':
        return send(lease, next.built);
    }
  };

  async function send(lease: Lease, built: BuiltMessage): Promise<SendResult> {
    const { id, accountId, rulesEpoch } = lease.channel;
    if (accountId === null) return { kind: 'idle' };
    const posted = await slots(teamIdOf(id), () => post(lease, { accountId, rulesEpoch }, built));
    if (posted === undefined) return { kind: 'idle' };
    if (posted === 'outdated') return { kind: 'waiting', until: clock.now() };
    const { channel, outcome } = posted;
    const { trouble } = channel;
    const result = await recordOutcome(channel, { channelId: id, accountId }, built, outcome);
    // The lease may have got a channel meanwhile that was read before this outcome was stored.
    const isOutdated = channel.trouble !== trouble && lease.channel !== channel;
    if (outcome.kind === 'broken' || isOutdated) lease.invalidate();
    return result;
  }

  /**
   * @returns `undefined` if the lease is lost or the channel serves another account, `outdated` if its rules or mutes
   * changed: nothing is sent then
   */
  async function post(
    lease: Lease,
    builtFor: { accountId: string; rulesEpoch: number },
    built: BuiltMessage,
  ): Promise<{ channel: SendableChannel; outcome: Outcome } | 'outdated' | undefined> {
    // Reads again, because the message may have waited long for a slot.
    if (!(await lease.refresh()) || lease.channel.accountId !== builtFor.accountId || !lease.isHeld())
      return undefined;
    if (lease.channel.rulesEpoch > builtFor.rulesEpoch) return 'outdated';
    const { channel } = lease;
    const began = clock.monotonic();
    const answer = await webhook.post(channel.webhookUrl, built.message);
    const outcome = classifyAnswer(answer, clock.now());
    const status = answer.kind === 'answered' ? answer.status : undefined;
    const kind = kindOf(built.deliveries);
    observer.posted({ kind, outcome, status, ms: clock.monotonic() - began });
    return { channel, outcome };
  }

  async function recordOutcome(
    channel: SendableChannel,
    tenancy: Tenancy,
    built: BuiltMessage,
    outcome: Outcome,
  ): Promise<SendResult> {
    const { deliveries: posted, more } = built;
    const pauseMs = Math.max(paceMs, backoff.pauseAfter(channel.id, outcome));
    switch (outcome.kind) {
      case 'sent': {
        // All alerts of a message get this one instant, even if the write is delayed: it identifies them.
        const now = clock.now();
        observer.sent(kindOf(posted), waitedMs(posted, now));
        logMessage('info', channel, posted, 'alerts sent', { state: 'sent' });
        pendingWrites.set(channel.id, async () => {
          await markSent(tenancy, posted, now);
          await troubles.recordOutcome(channel, outcome);
        });
        await flushPendingWrites(channel.id);
        return { kind: 'posted', until: later(clock, paceMs), more };
      }
      case 'wait': {
        const { error } = outcome;
        await troubles.recordOutcome(channel, outcome);
        const until = channel.trouble?.waitsUntil ?? later(clock, paceMs);
        const waitMs = until.getTime() - clock.now().getTime();
        logMessage('warn', channel, posted, 'Slack asked to wait', { state: 'pending', error, waitMs });
        return { kind: 'blocked', until };
      }
      case 'retry':
        await deliveries.requeueHeld(toIds(posted.filter(isHeld)), clock.now());
        await recordFailure(channel, tenancy, built, outcome, (level, some, text, fields) =>
          logMessage(level, channel, some, text, fields),
        );
        return { kind: 'posted', until: later(clock, pauseMs), more: true };
      case 'refused':
        await deliveries.requeueHeld(toIds(posted.filter(isHeld)), clock.now());
        await splitRefused(channel, tenancy, built, outcome.error);
        await troubles.recordOutcome(channel, outcome);
        return { kind: 'posted', until: later(clock, paceMs), more: true };
      case 'broken': {
        const { error } = outcome;
        const now = clock.now();
        const broken = await channelHealth.markBroken(channel, toBrokenState(outcome, now), now);
        const state = broken === undefined ? 'pending' : 'held';
        logMessage('warn', channel, posted, 'the webhook is gone', { state, error });
        // The channel was reconnected, and they are sent there; or broken before, and recovery holds them.
        if (broken === undefined) return { kind: 'waiting', until: clock.now() };
        await parts.onBroken?.(broken);
        await deliveries.hold(tenancy, clock.now());
        return { kind: 'idle' };
      }
    }
  }

  /** Each step is one write, so that a process that takes the channel over can continue. */
  async function splitRefused(
    channel: SendableChannel,
    tenancy: Tenancy,
    built: BuiltMessage,
    error: string,
  ): Promise<void> {
    const { deliveries: refused } = built;
    const split = splitMessage(built);
    if (split !== undefined) {
      const how = split.isPlain ? 'as plain text' : 'in smaller parts';
      logMessage('error', channel, refused, `Slack refused a message, which is sent again ${how}`, {
        state: 'pending',
        error,
      });
      await deliveries.refuse(toIds(refused), split, clock.now(), error);
      return;
    }
    logMessage('error', channel, refused, 'Slack refused an alert as plain text too, so it is given up', {
      state: 'failed',
      error,
    });
    await deliveries.fail(toIds(refused), clock.now(), error);
    if (kindOf(refused) === 'digest') await deliveries.mergeDigest(tenancy);
  }

  function logMessage(
    level: Parameters<typeof log>[0],
    channel: SendableChannel,
    of: readonly DeliveryDocument[],
    text: string,
    fields: Pick<LoggedMessage, 'state' | 'error' | 'waitMs' | 'isLost'>,
  ): void {
    log(level, { channelId: channel.id, kind: kindOf(of), deliveries: of, ...fields }, text);
  }

  async function markSent(tenancy: Tenancy, sent: readonly DeliveryDocument[], now: Date): Promise<void> {
    if (sent.some((delivery) => delivery.digest !== null && isSplit(delivery)))
      await deliveries.continueDigest(tenancy);
    const held = sent.filter(isHeld);
    if (held.length > 0) await deliveries.sendHeld(toIds(held), now);
    if (held.length < sent.length) await deliveries.send(toIds(sent.filter((one) => !isHeld(one))), now);
  }

  async function flushPendingWrites(channelId: string): Promise<void> {
    await pendingWrites.get(channelId)?.();
    pendingWrites.delete(channelId);
  }
}

function waitedMs(deliveries: readonly DeliveryDocument[], now: Date): number[] {
  return deliveries.map((delivery) => now.getTime() - receivedAt(delivery).getTime());
}

function kindOf(deliveries: readonly DeliveryDocument[]): MessageKind {
  return deliveries.some(({ digest }) => digest !== null) ? 'digest' : 'alert';
}

/** True if the delivery is sent with its digest for the first time. */
function isHeld({ state }: DeliveryDocument): boolean {
  return state === 'held';
}

function toIds(deliveries: readonly DeliveryDocument[]): string[] {
  return deliveries.map(({ _id }) => _id);
}
