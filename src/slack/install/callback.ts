import type { CallbackOptions, Installation } from '@slack/oauth';
import type { Logger } from 'pino';
import type { Clock } from '../../clock.ts';
import { type Channel, type ChannelConnection, type ChannelStore, channelKey } from '../../store/channels.ts';
import { buildWelcomeMessage } from '../messages/welcome.ts';
import { renderConnected } from '../pages/render-connected.ts';
import { renderProblem, type Ways } from '../pages/render-problem.ts';
import { sendPage } from '../pages/send-page.ts';
import { toVerdict } from '../webhook/verdict.ts';
import type { WebhookClient } from '../webhook/webhook-client.ts';
import { fromMetadata } from './install-context.ts';
import { toProblem } from './problem-of.ts';
import { toConnection } from './to-connection.ts';

/**
 * What happens when Slack sends the browser back: after Allow the channel is connected, gets its first message, and
 * its page says so; after anything else a page says what to do.
 */
export function createCallback(parts: {
  webhookOrigins: readonly string[];
  perlyAppUrl: string;
  ways: Ways;
  channels: ChannelStore;
  webhook: Pick<WebhookClient, 'post'>;
  /** Runs what connects a channel and posts its first message, and sees to it that no alert is posted meanwhile. */
  greet: <T>(channelId: string, work: () => Promise<T>) => Promise<T>;
  /** How many alerts wait for the channel from before. */
  countMissed: (channel: Channel) => Promise<number>;
  clock: Clock;
  logger: Logger;
}): CallbackOptions {
  const { channels, webhook, clock, logger, perlyAppUrl } = parts;
  const connectionOf = (installation: Installation) =>
    toConnection(installation, fromMetadata(installation.metadata)?.accountId ?? null, parts.webhookOrigins);

  /** @returns whether the first message is in the channel; the channel is connected all the same */
  async function welcome(connection: ChannelConnection, channel: Channel): Promise<boolean> {
    const message = buildWelcomeMessage({
      userId: connection.connectedBy,
      perlyAppUrl,
      linked: channel.accountId !== null,
    });
    const verdict = toVerdict(await webhook.post(connection.webhookUrl, message));
    if (verdict.kind !== 'sent')
      logger.warn({ channelId: channel._id, verdict: verdict.kind }, 'the first message was not taken');
    return verdict.kind === 'sent';
  }

  async function connect(connection: ChannelConnection) {
    const { channel, again } = await channels.connect(connection, clock.now());
    logger.info({ channelId: channel._id, accountId: channel.accountId, again }, 'channel connected');
    const welcomed = await welcome(connection, channel);
    return { channel, again, welcomed, missed: await parts.countMissed(channel) };
  }

  return {
    // Refuses before anything is stored what could not be connected.
    async afterInstallation(installation) {
      connectionOf(installation);
      return true;
    },

    async successAsync(installation, options, _req, res) {
      const connection = connectionOf(installation);
      const channelId = channelKey(connection.teamId, connection.slackChannelId);
      const { channel, again, welcomed, missed } = await parts.greet(channelId, () => connect(connection));
      sendPage(
        res,
        renderConnected({
          channelName: channel.name,
          teamName: channel.teamName ?? '',
          accountLinked: channel.accountId !== null,
          perlyUrl: fromMetadata(options.metadata)?.returnUrl ?? perlyAppUrl,
          slackUrl: channelUrl(channel),
          welcomed,
          reconnected: again,
          missed,
        }),
      );
    },

    async failureAsync(error, _options, _req, res) {
      sendPage(res, renderProblem(toProblem(error), parts.ways));
    },
  };
}

/** @see https://docs.slack.dev/interactivity/deep-linking */
function channelUrl({ teamId, slackChannelId }: Channel): string {
  const query = new URLSearchParams({ team: teamId, channel: slackChannelId });
  return `https://slack.com/app_redirect?${query}`;
}
