import type { Db } from 'mongodb';
import type { Rules } from '../src/domain/rules.ts';
import { createChannelStore } from '../src/store/channels/store.ts';
import { createKeyring } from '../src/store/keyring.ts';
import type { LocalSlack } from './slack/local-slack.ts';

const width = 200;

const connectedBy = 'U0DANA00001';

/** `webhookUrl` is on one of the app's SLACK_WEBHOOK_ORIGINS. */
export type ChannelToConnect = {
  id: string;
  name: string;
  teamId: string;
  accountId: string;
  webhookUrl: string;
  rules: Rules;
};

/** As OAuth would, without a browser. */
export async function connectChannels(
  { db, appSecrets }: { db: Db; appSecrets: readonly Buffer[] },
  channels: readonly ChannelToConnect[],
): Promise<void> {
  const store = createChannelStore(db, createKeyring(appSecrets));
  const connect = async ({ id, name, teamId, accountId, webhookUrl, rules }: ChannelToConnect) => {
    const { channel } = await store.connect(
      {
        teamId,
        teamName: null,
        slackChannelId: id,
        name: `#${name}`,
        accountId,
        webhookUrl,
        connectedBy,
      },
      new Date(),
    );
    const changed = await store.changeSettings(channel, channel.version, { rules });
    // It holds nothing yet that could be reevaluated.
    if (changed !== undefined) await store.markReevaluated(changed._id, changed.rulesEpoch);
  };
  for (let from = 0; from < channels.length; from += width)
    await Promise.all(channels.slice(from, from + width).map(connect));
}

/** @returns the webhook's URL */
export function createWebhook(slack: LocalSlack, { id, teamId }: { id: string; teamId: string }): string {
  const webhookId = id.replace(/^C/, 'B');
  const path = `services/${teamId}/${webhookId}/${id}`;
  const url = `${slack.webhookOrigin}/${path}`;
  slack.model.webhooks.set(webhookId, {
    id: webhookId,
    token: id,
    teamId,
    channelId: id,
    userId: connectedBy,
    url,
    configurationUrl: `${slack.url}/${path}`,
    createdAt: Date.now(),
  });
  return url;
}
