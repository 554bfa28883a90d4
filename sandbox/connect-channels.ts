import type { Db } from 'mongodb';
import type { Rules } from '../src/rules/rules.ts';
import { channelKey, createChannelStore } from '../src/store/channels.ts';
import { createKeyring } from '../src/store/keyring.ts';
import type { LocalSlack } from './slack/local-slack.ts';

/** How many are connected at once. */
const width = 200;

/**
 * Connects many channels of the local Slack as OAuth does, without a browser for each.
 *
 * @param appSecrets the app's own
 */
export async function connectChannels(
  { slack, db, appSecrets }: { slack: LocalSlack; db: Db; appSecrets: readonly Buffer[] },
  channels: readonly { id: string; name: string; teamId: string; accountId: string; rules: Rules }[],
): Promise<void> {
  const store = createChannelStore(db, createKeyring(appSecrets));
  const connect = async ({ id, name, teamId, accountId, rules }: (typeof channels)[number]) => {
    const webhookId = id.replace(/^C/, 'B');
    const path = `services/${teamId}/${webhookId}/${id}`;
    const connectedBy = 'U0DANA00001';
    slack.model.webhooks.set(webhookId, {
      id: webhookId,
      token: id,
      teamId,
      channelId: id,
      userId: connectedBy,
      url: `${slack.webhookOrigin}/${path}`,
      configurationUrl: `${slack.url}/${path}`,
      createdAt: Date.now(),
    });
    const { channel } = await store.connect(
      {
        teamId,
        teamName: null,
        slackChannelId: id,
        name: `#${name}`,
        accountId,
        webhookUrl: `${slack.webhookOrigin}/${path}`,
        connectedBy,
      },
      new Date(),
    );
    await store.changeSettings(channelKey(teamId, id), channel.version, { rules });
  };
  for (let from = 0; from < channels.length; from += width)
    await Promise.all(channels.slice(from, from + width).map(connect));
}
