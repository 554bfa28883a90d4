import { readFresh } from '../delivery/read-fresh.ts';
import { toBrokenState } from '../delivery/retry-schedule.ts';
import type { SendingLock } from '../delivery/sending-lock.ts';
import { createTroubles, waitEnd } from '../delivery/trouble.ts';
import { classifyAnswer, type Outcome } from '../delivery/webhook/classify-response.ts';
import type { WebhookClient } from '../delivery/webhook/client.ts';
import type { Clock } from '../lib/clock.ts';
import type { FairLimit } from '../lib/fair-limit.ts';
import { buildTestAlert } from '../messages/channel-messages.ts';
import type { Actor } from '../store/audit.ts';
import type { Channel, SendableChannel } from '../store/channels/document.ts';
import type { ChannelHealthStore } from '../store/channels/health.ts';
import type { ChangedChannel } from '../store/channels/outbox.ts';
import { type ChannelStore, teamIdOf } from '../store/channels/store.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import { orUnreadable } from '../store/keyring.ts';

/**
 * `failed`: Slack did not take it for now, may have taken it (`lost`), or its webhook cannot be read. `busy`: Slack
 * asked to wait, or other messages are due.
 */
export type TestAlertResult =
  | { kind: 'sent' }
  | { kind: 'broken'; reason: string }
  | { kind: 'failed'; why?: 'lost' | 'unreadable' }
  | { kind: 'busy'; until: Date | null };

type ConnectedChannel = SendableChannel & { isBroken: boolean };

const unreadable = { kind: 'failed', why: 'unreadable' } as const;
const notConnected = { kind: 'broken', reason: 'The channel is no longer connected.' } as const;

/** Ignores rules, keeps the pace of alerts, and does not retry. Success makes a broken channel active again. */
export async function sendTestAlert(
  parts: {
    channels: Pick<ChannelStore, 'findWebhook'>;
    channelHealth: ChannelHealthStore;
    deliveries: Pick<DeliveryStore, 'retryNow'>;
    webhook: Pick<WebhookClient, 'post'>;
    slots: FairLimit;
    withSendingPaused: SendingLock['withSendingPaused'];
    perlyAppUrl: string;
    onChanged: (channel: ChangedChannel) => Promise<void>;
    clock: Pick<Clock, 'now' | 'monotonic'>;
  },
  { _id: channelId, accountId }: Pick<Channel, '_id' | 'accountId'>,
  actor: Actor,
): Promise<TestAlertResult> {
  const { channels, channelHealth, webhook, withSendingPaused, perlyAppUrl, clock } = parts;
  const found = await orUnreadable(channels.findWebhook(channelId));
  if (found === 'unreadable') return unreadable;
  if (found === undefined || found.accountId !== accountId) return notConnected;
  const message = buildTestAlert(perlyAppUrl, clock.now());
  return withSendingPaused(channelId, async (acquired, renew) => {
    if (!acquired) return { kind: 'busy', until: null };
    const posted = await parts.slots(teamIdOf(channelId), () => post(renew));
    return 'kind' in posted ? posted : recordOutcome(posted.channel, posted.outcome);
  });

  async function post(
    renew: () => Promise<boolean>,
  ): Promise<{ channel: ConnectedChannel; outcome: Outcome } | TestAlertResult> {
    // While this waited, Slack may have asked the channel to wait, or the channel may have changed.
    const read = await readFresh(clock, async () =>
      (await renew()) ? { channel: await orUnreadable(channels.findWebhook(channelId)) } : 'busy',
    );
    if (read === undefined) return { kind: 'failed' };
    if (read.value === 'busy') return { kind: 'busy', until: null };
    const { channel } = read.value;
    if (channel === 'unreadable') return unreadable;
    if (channel === undefined || channel.accountId !== accountId) return notConnected;
    const until = waitEnd(channel.trouble, clock.now());
    if (until !== undefined) return { kind: 'busy', until };
    const answer = await webhook.post(channel.webhookUrl, message);
    return { channel, outcome: classifyAnswer(answer, clock.now()) };
  }

  async function recordOutcome(channel: ConnectedChannel, outcome: Outcome): Promise<TestAlertResult> {
    const { isBroken } = channel;
    const now = clock.now();
    if (outcome.kind === 'broken') {
      const broken = toBrokenState(outcome, now);
      const changed = isBroken
        ? await channelHealth.stayBroken(channel, broken)
        : await channelHealth.markBroken(channel, broken, now);
      if (changed !== undefined) await parts.onChanged(changed);
      return { kind: 'broken', reason: outcome.reason };
    }
    if (!isBroken || outcome.kind === 'wait') await createTroubles(parts).recordOutcome(channel, outcome);
    const until = waitEnd(channel.trouble, now);
    if (outcome.kind === 'wait' && until !== undefined) return { kind: 'busy', until };
    if (outcome.kind === 'retry' && outcome.lost) return { kind: 'failed', why: 'lost' };
    if (outcome.kind !== 'sent') return { kind: 'failed' };
    const restored = isBroken
      ? await channelHealth.restore(channel, { action: 'restored', actor, at: now })
      : undefined;
    if (restored !== undefined) await parts.onChanged(restored);
    return { kind: 'sent' };
  }
}
