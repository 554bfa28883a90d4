import type { Logger } from 'pino';
import { readFresh } from '../delivery/read-fresh.ts';
import { createTroubles, waitEnd } from '../delivery/trouble.ts';
import { classifyAnswer } from '../delivery/webhook/classify-response.ts';
import type { WebhookClient } from '../delivery/webhook/client.ts';
import type { Clock } from '../lib/clock.ts';
import type { FairLimit } from '../lib/fair-limit.ts';
import type { WebhookMessage } from '../messages/webhook-message.ts';
import type { ChannelHealthStore } from '../store/channels/health.ts';
import { type ChannelStore, teamIdOf } from '../store/channels/store.ts';
import type { DeliveryStore } from '../store/deliveries/store.ts';
import { orUnreadable } from '../store/keyring.ts';

export type ChannelNotices = ReturnType<typeof createChannelNotices>;

export function createChannelNotices(parts: {
  channels: Pick<ChannelStore, 'findSendable'>;
  channelHealth: Pick<ChannelHealthStore, 'setTrouble'>;
  deliveries: Pick<DeliveryStore, 'retryNow'>;
  webhook: Pick<WebhookClient, 'post'>;
  slots: FairLimit;
  clock: Pick<Clock, 'now' | 'monotonic'>;
  logger: Logger;
}) {
  const { channels, webhook, slots, clock, logger } = parts;
  const troubles = createTroubles(parts);

  async function postFresh(channelId: string, accountId: string | null, message: WebhookMessage) {
    const read = await readFresh(clock, () => orUnreadable(channels.findSendable(channelId)));
    if (read === undefined || read.value === 'unreadable') return 'unreadable';
    // The channel changed accounts while the message waited for its turn.
    if (read.value?.accountId !== accountId) return 'outdated';
    const channel = read.value;
    if (waitEnd(channel.trouble, clock.now()) !== undefined) return 'wait';
    const answer = await webhook.post(channel.webhookUrl, message);
    const outcome = classifyAnswer(answer, clock.now());
    // Alerts obey the wait too; what else is wrong shows when one is sent.
    if (outcome.kind === 'wait') await troubles.recordOutcome(channel, outcome);
    return outcome.kind;
  }

  return {
    /**
     * @param accountId posted only while the channel serves this account; `null` while it waits for one
     * @returns whether it was posted
     */
    async post(channelId: string, accountId: string | null, message: WebhookMessage): Promise<boolean> {
      const outcome = await slots(teamIdOf(channelId), () => postFresh(channelId, accountId, message));
      if (outcome !== 'sent') logger.warn({ channelId, outcome }, 'a channel was not told of its connection');
      return outcome === 'sent';
    },
  };
}
