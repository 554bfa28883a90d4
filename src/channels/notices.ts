import type { Logger } from 'pino';
import { readFresh } from '../delivery/read-fresh.ts';
import { toBrokenState } from '../delivery/retry-schedule.ts';
import { createTroubles, waitEnd } from '../delivery/trouble.ts';
import { classifyAnswer } from '../delivery/webhook/classify-response.ts';
import type { WebhookClient } from '../delivery/webhook/client.ts';
import type { Clock } from '../lib/clock.ts';
import type { FairLimit } from '../lib/fair-limit.ts';
import type { WebhookMessage } from '../messages/webhook-message.ts';
import type { ChannelHealthStore } from '../store/channels/health.ts';
import type { ChangedChannel } from '../store/channels/outbox.ts';
import { type ChannelStore, teamIdOf } from '../store/channels/store.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import { orUnreadable } from '../store/keyring.ts';

/** `refused`: Slack says that the webhook is gone. A channel with an account is broken then. */
export type NoticeResult = { kind: 'posted' } | { kind: 'not_posted' } | { kind: 'refused'; reason: string };

export type ChannelNotices = ReturnType<typeof createChannelNotices>;

export function createChannelNotices(parts: {
  channels: Pick<ChannelStore, 'findSendable'>;
  channelHealth: Pick<ChannelHealthStore, 'setTrouble' | 'markBroken'>;
  deliveries: Pick<DeliveryStore, 'retryNow'>;
  webhook: Pick<WebhookClient, 'post'>;
  slots: FairLimit;
  publish: (channel: ChangedChannel) => Promise<unknown>;
  clock: Pick<Clock, 'now' | 'monotonic'>;
  logger: Logger;
}) {
  const { channels, channelHealth, webhook, slots, clock, logger } = parts;
  const troubles = createTroubles(parts);

  async function postFresh(channelId: string, accountId: string | null, message: WebhookMessage) {
    const read = await readFresh(clock, () => orUnreadable(channels.findSendable(channelId)));
    if (read === undefined || read.value === 'unreadable') return { kind: 'unreadable' } as const;
    // The channel changed accounts while the message waited for its turn.
    if (read.value?.accountId !== accountId) return { kind: 'outdated' } as const;
    const channel = read.value;
    if (waitEnd(channel.trouble, clock.now()) !== undefined) return { kind: 'wait' } as const;
    const answer = await webhook.post(channel.webhookUrl, message);
    const now = clock.now();
    const outcome = classifyAnswer(answer, now);
    // Alerts obey the wait too; what else may pass shows when one is sent.
    if (outcome.kind === 'wait') await troubles.recordOutcome(channel, outcome);
    // A waiting channel is tried again when it is linked.
    if (outcome.kind === 'broken' && accountId !== null) {
      const broken = await channelHealth.markBroken(channel, toBrokenState(outcome, now), now);
      if (broken !== undefined) await parts.publish(broken);
    }
    return outcome;
  }

  return {
    /** @param accountId posted only while the channel serves this account; `null` while it waits for one */
    async post(channelId: string, accountId: string | null, message: WebhookMessage): Promise<NoticeResult> {
      const outcome = await slots(teamIdOf(channelId), () => postFresh(channelId, accountId, message));
      if (outcome.kind === 'sent') return { kind: 'posted' };
      logger.warn(
        { channelId, outcome: outcome.kind },
        'a message about the connection of a channel was not posted',
      );
      return outcome.kind === 'broken' ? { kind: 'refused', reason: outcome.reason } : { kind: 'not_posted' };
    },
  };
}
