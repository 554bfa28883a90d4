import type { Db, Filter } from 'mongodb';
import { AppError } from '../errors.ts';
import { defaultRules, type Rules } from '../rules/rules.ts';
import { isDuplicateKey } from './bulk.ts';
import type { Keyring, Sealed } from './keyring.ts';

/** `broken`: Slack said that the webhook is gone; connecting the channel again revives it. */
type ChannelStatus = 'active' | 'broken';

/** One connected Slack channel. `_id` is `<team id>:<Slack's channel id>`. */
type ChannelDocument = {
  _id: string;
  teamId: string;
  teamName: string | null;
  slackChannelId: string;
  /** As Slack's picker gave it, `#customer-health`. */
  name: string;
  /** The account that it serves; `null` while it waits for one. */
  accountId: string | null;
  webhookUrl: Sealed;
  rules: Rules;
  status: ChannelStatus;
  /** Why it is broken, in words. */
  brokenReason: string | null;
  pausedUntil: Date | 'resumed' | null;
  connectedBy: string;
  managers: string[];
  createdAt: Date;
  /** When its present webhook came: tells one webhook from the next. */
  connectedAt: Date;
};

/** A channel without its webhook, which only `findSendable` gives out. */
export type Channel = Omit<ChannelDocument, 'webhookUrl'>;

/** A channel as its sender needs it. The URL is a secret; `connectedAt` tells one webhook from the next. */
export type SendableChannel = { id: string; webhookUrl: string; connectedAt: Date };

/** What OAuth tells about the channel that was picked. */
export type ChannelConnection = {
  teamId: string;
  teamName: string | null;
  slackChannelId: string;
  name: string;
  accountId: string | null;
  webhookUrl: string;
  connectedBy: string;
};

export type ChannelStore = ReturnType<typeof createChannelStore>;

const withoutWebhook = { projection: { webhookUrl: 0 } } as const;

/** The collection `channels`: one document a connected channel, its webhook URL encrypted. */
export function createChannelStore(db: Db, keyring: Keyring) {
  const channels = db.collection<ChannelDocument>('channels');
  const owner = (id: string) => `channel ${id}`;

  return {
    /**
     * Connects a channel with the default rules. The same channel again replaces its webhook, keeps its rules, and
     * is active again; a channel that waits for an account gets the one that is named now.
     *
     * @returns the channel, and whether it was connected before
     * @throws AppError `channel_serves_another_account`; nothing was changed
     */
    async connect(connection: ChannelConnection, now: Date): Promise<{ channel: Channel; again: boolean }> {
      const { accountId } = connection;
      const _id = channelKey(connection.teamId, connection.slackChannelId);
      const mayServe: Filter<ChannelDocument> =
        accountId === null ? {} : { accountId: { $in: [accountId, null] } };
      const connectOnce = () =>
        channels.findOneAndUpdate(
          { _id, ...mayServe },
          {
            $set: {
              teamId: connection.teamId,
              teamName: connection.teamName,
              slackChannelId: connection.slackChannelId,
              name: connection.name,
              webhookUrl: keyring.seal(connection.webhookUrl, owner(_id)),
              status: 'active',
              brokenReason: null,
              connectedAt: now,
              ...(accountId !== null && { accountId }),
            },
            $setOnInsert: {
              ...(accountId === null && { accountId }),
              rules: defaultRules,
              pausedUntil: null,
              connectedBy: connection.connectedBy,
              managers: [connection.connectedBy],
              createdAt: now,
            },
          },
          { upsert: true, returnDocument: 'after', ...withoutWebhook },
        );
      // Two upserts of a new channel can meet: the one that loses finds the document the second time. One that
      // does not find it then is of another account.
      const channel = await connectOnce()
        .catch((error: unknown) => {
          if (isDuplicateKey(error)) return connectOnce();
          throw error;
        })
        .catch((error: unknown) => {
          if (!isDuplicateKey(error)) throw error;
          throw new AppError('channel_serves_another_account', 'The channel serves another Perly account.');
        });
      if (channel === null)
        throw new AppError('channel_not_stored', 'The database did not give the channel back.');
      return { channel, again: channel.createdAt.getTime() !== now.getTime() };
    },

    /** The channels that serve one of these accounts, whatever their status. */
    async listByAccounts(accountIds: readonly string[]): Promise<Channel[]> {
      return channels.find({ accountId: { $in: [...accountIds] } }, withoutWebhook).toArray();
    },

    async listByIds(ids: readonly string[]): Promise<Channel[]> {
      return channels.find({ _id: { $in: [...ids] } }, withoutWebhook).toArray();
    },

    /** Where to send a channel's alerts; `undefined` for a channel that is not active. */
    async findSendable(id: string): Promise<SendableChannel | undefined> {
      const found = await channels.findOne(
        { _id: id, status: 'active' },
        { projection: { webhookUrl: 1, connectedAt: 1 } },
      );
      if (found === null) return undefined;
      return { id, webhookUrl: keyring.open(found.webhookUrl, owner(id)), connectedAt: found.connectedAt };
    },

    /** Marks a channel broken, unless it was connected anew meanwhile. Its rules stay. */
    async markBroken(id: string, connectedAt: Date, reason: string): Promise<void> {
      await channels.updateOne(
        { _id: id, status: 'active', connectedAt },
        { $set: { status: 'broken', brokenReason: reason } },
      );
    },

    /** Replaces a channel's rules. @returns whether there is such a channel */
    async setRules(id: string, rules: Rules): Promise<boolean> {
      const { matchedCount } = await channels.updateOne({ _id: id }, { $set: { rules } });
      return matchedCount === 1;
    },
  };
}

/** The `_id` of a channel's document. */
export function channelKey(teamId: string, slackChannelId: string): string {
  return `${teamId}:${slackChannelId}`;
}
