import type { Clock } from '../clock.ts';
import { buildTestAlert } from '../slack/messages/test-alert.ts';
import { classifyAnswer } from '../slack/webhook/classify-response.ts';
import type { WebhookClient } from '../slack/webhook/webhook-client.ts';
import type { ChannelStore } from '../store/channels.ts';
import { isUnreadable } from '../store/keyring.ts';
import type { ChangedChannel } from '../store/untold.ts';
import type { Greeter } from './greeter.ts';

/**
 * What came of a test alert: it is in the channel (`sent`), Slack says that the webhook is gone (`broken`, with the
 * reason in words), it did not get through just now (`failed`), or it was not posted because other messages to the
 * channel were under way or due within the same second (`busy`).
 */
export type TestAlertResult =
  | { kind: 'sent' }
  | { kind: 'broken'; reason: string }
  | { kind: 'failed' }
  | { kind: 'busy' };

/** Posts a test alert to a channel, whatever its rules. It is tried once, and keeps the pace of the channel's alerts. */
export async function sendTestAlert(
  parts: {
    channels: Pick<ChannelStore, 'findSendable' | 'markBroken' | 'find'>;
    webhook: Pick<WebhookClient, 'post'>;
    greet: Greeter['greet'];
    perlyAppUrl: string;
    /** Told of a channel that broke. */
    onBroken: (channel: ChangedChannel) => Promise<void>;
    clock: Pick<Clock, 'now'>;
  },
  channelId: string,
): Promise<TestAlertResult> {
  const { channels, webhook, greet, perlyAppUrl, clock } = parts;
  const sendable = await channels.findSendable(channelId).catch((error: unknown) => {
    if (isUnreadable(error)) return 'unreadable' as const;
    throw error;
  });
  if (sendable === 'unreadable') return { kind: 'failed' };
  if (sendable === undefined) {
    const channel = await channels.find(channelId);
    return { kind: 'broken', reason: channel?.brokenReason ?? 'The channel is not connected any more.' };
  }
  const message = buildTestAlert(perlyAppUrl, clock.now());
  const answer = await greet(channelId, async (isAlone) =>
    isAlone ? webhook.post(sendable.webhookUrl, message) : undefined,
  );
  if (answer === undefined) return { kind: 'busy' };
  const outcome = classifyAnswer(answer, clock.now());
  if (outcome.kind === 'sent') return { kind: 'sent' };
  if (outcome.kind !== 'broken') return { kind: 'failed' };
  const broken = await channels.markBroken(channelId, sendable.connectedAt, outcome.reason, clock.now());
  if (broken !== undefined) await parts.onBroken(broken);
  return { kind: 'broken', reason: outcome.reason };
}
