import type { Db } from 'mongodb';
import { isDirectMessage } from '../../domain/direct-message.ts';
import { createBatcher, type FailedItem, tryItem } from '../../lib/batcher.ts';
import { AppError } from '../../lib/errors.ts';
import type { Actor } from '../audit.ts';
import { isDuplicateKey } from '../bulk.ts';
import type { Encrypted, Keyring } from '../keyring.ts';
import { connectRefusal, mayConnect } from './connect-guard.ts';
import type {
  Channel,
  ChannelChange,
  ChannelConnection,
  SendableChannel,
  ServingChannel,
} from './document.ts';
import {
  type ChannelDocument,
  connected,
  type FormerAccount,
  webhookOwner,
  withoutWebhook,
} from './document.ts';
import type { ChangedChannel } from './outbox.ts';
import { createChannelQueries } from './queries.ts';
import { appendToOutbox, assign, count, toConnected, toDisconnected } from './updates.ts';

export type ChannelStore = ReturnType<typeof createChannelStore>;

/** What a channel's people can change. */
export type SettingsChange = Partial<
  Pick<ChannelDocument, 'rules' | 'pausedUntil' | 'managers' | 'externalAcknowledge'>
>;

const sendableFields = {
  accountId: 1,
  slackChannelId: 1,
  name: 1,
  webhookUrl: 1,
  connectedAt: 1,
  rulesEpoch: 1,
  trouble: 1,
} as const;

/** The collection `channels`: one document a connected channel, its webhook URL encrypted. */
export function createChannelStore(db: Db, keyring: Keyring) {
  const channels = db.collection<ChannelDocument>('channels');

  async function listSendable(ids: readonly string[]): Promise<(SendableChannel | undefined | FailedItem)[]> {
    const found = await channels
      .find({ _id: { $in: [...ids] }, status: 'active' }, { projection: sendableFields })
      .toArray();
    const byId = new Map(found.map((channel) => [channel._id, channel]));
    return ids.map((id) => tryItem(() => toSendable(byId.get(id))));
  }

  function toSendable(
    channel:
      | (Pick<ChannelDocument, '_id' | Exclude<keyof typeof sendableFields, 'webhookUrl'>> & {
          webhookUrl?: Encrypted | undefined;
        })
      | undefined,
  ): SendableChannel | undefined {
    // Nothing is sent to a direct message, until recovery disconnects it.
    if (channel?.webhookUrl === undefined || isDirectMessage(channel)) return undefined;
    const { _id: id, accountId, webhookUrl, connectedAt, rulesEpoch, trouble } = channel;
    return {
      id,
      accountId,
      webhookUrl: keyring.decrypt(webhookUrl, webhookOwner(channel)),
      connectedAt,
      rulesEpoch,
      trouble: trouble ?? null,
    };
  }

  return {
    ...createChannelQueries(channels, keyring),

    /**
     * Connects a channel with the default rules. The same channel again replaces its webhook, keeps its rules, and
     * is active again; a channel that waits for an account gets the one that is named now.
     *
     * A channel that is connected is replaced only by one of its managers, or on behalf of the account that it serves.
     *
     * @param options.actor who connects it; without one nothing of it is told
     * @param options.byAccount whether the account itself wants it; whoever connects it is one of its managers then
     * @returns the channel, and whether it was connected before
     * @throws AppError `channel_serves_another_account` or `channel_managed`; nothing was changed
     */
    async connect(
      connection: ChannelConnection,
      now: Date,
      { actor, byAccount = false }: { actor?: Actor; byAccount?: boolean } = {},
    ): Promise<{ channel: ChangedChannel; again: boolean }> {
      const _id = channelKey(connection.teamId, connection.slackChannelId);
      const change = toConnected(
        connection,
        keyring.encrypt(connection.webhookUrl, webhookOwner({ _id, connectedAt: now })),
        now,
        actor,
      );
      const connectOnce = () =>
        channels.findOneAndUpdate({ _id, ...mayConnect(connection, byAccount) }, change, {
          upsert: true,
          returnDocument: 'after',
          ...withoutWebhook,
        });
      // Two upserts of a new channel can meet: the one that loses finds the document the second time. One that
      // does not find it then may not connect it.
      const channel = await connectOnce()
        .catch((error: unknown) => {
          if (isDuplicateKey(error)) return connectOnce();
          throw error;
        })
        .catch(async (error: unknown) => {
          if (!isDuplicateKey(error)) throw error;
          const present = await channels.findOne({ _id }, { projection: { accountId: 1 } });
          throw connectRefusal(present?.accountId ?? null, connection.accountId);
        });
      if (channel === null)
        throw new AppError('channel_not_stored', 'The database did not give the channel back.');
      return { channel, again: channel.createdAt.getTime() !== now.getTime() };
    },

    /** The channels that serve one of these accounts, active or broken. */
    async listByAccounts(accountIds: readonly string[]): Promise<ServingChannel[]> {
      const found = await channels
        .find({ accountId: { $in: [...accountIds] }, status: connected }, { projection: { outbox: 0 } })
        .toArray();
      return found.map(({ webhookUrl, ...channel }) => {
        const isActive = channel.status === 'active';
        return {
          ...channel,
          toSendable: () => (isActive ? toSendable({ ...channel, webhookUrl }) : undefined),
        };
      });
    },

    /** Says that what an account left in a channel was ended. */
    async endFormer(id: string, { accountId, until }: FormerAccount): Promise<void> {
      await channels.updateOne({ _id: id }, { $pull: { formerAccounts: { accountId, until } } });
    },

    /**
     * Where to send a channel's alerts; `undefined` for a channel that is not active.
     *
     * @throws AppError that `isUndecryptable`, for this channel alone
     */
    findSendable: createBatcher<string, SendableChannel | undefined>(listSendable),

    /** Where to post to a channel that is connected, active or broken. */
    async findWebhook(id: string): Promise<(SendableChannel & { isBroken: boolean }) | undefined> {
      const found = await channels.findOne({ _id: id, status: connected });
      const sendable = toSendable(found ?? undefined);
      return sendable && { ...sendable, isBroken: found?.status === 'broken' };
    },

    /**
     * Changes a connected channel's settings, if nobody else did since `version` was read, and it still serves the same
     * account. New rules leave it unsettled until what it holds is decided anew.
     *
     * @param outboxChange what there is to tell of it, if anything
     * @returns the channel as it is now; `undefined` when nothing was changed
     */
    async changeSettings(
      { _id, accountId }: Pick<Channel, '_id' | 'accountId'>,
      version: number,
      change: SettingsChange,
      outboxChange?: ChannelChange,
    ): Promise<ChangedChannel | undefined> {
      const changesRules = change.rules !== undefined;
      const changed = await channels.findOneAndUpdate(
        { _id, accountId, version, status: connected },
        [
          assign({ ...change, ...(changesRules && { needsReevaluation: true }) }),
          changesRules ? count('version', 'rulesEpoch') : count('version'),
          ...(outboxChange === undefined ? [] : [appendToOutbox(outboxChange)]),
        ],
        { returnDocument: 'after', ...withoutWebhook },
      );
      return changed ?? undefined;
    },

    /**
     * Says that somebody of another organisation used an alert in a channel.
     *
     * @param since when that was said after this instant, it is not said again
     * @returns whether it was said
     */
    async markExternalSeen(id: string, now: Date, since: Date): Promise<boolean> {
      const isDue = { $not: { $gt: since } };
      const { modifiedCount } = await channels.updateOne(
        { _id: id, status: connected, externalSeenAt: isDue },
        { $set: { externalSeenAt: now } },
      );
      return modifiedCount === 1;
    },

    /** Says that a channel's mutes changed: what it holds has to be decided anew. */
    async markForReevaluation(id: string): Promise<void> {
      await channels.updateOne({ _id: id }, { $set: { needsReevaluation: true }, $inc: { rulesEpoch: 1 } });
    },

    /** Says that what a channel holds was decided by the rules of `rulesEpoch`. */
    async markReevaluated(id: string, rulesEpoch: number): Promise<void> {
      await channels.updateOne({ _id: id, rulesEpoch }, { $set: { needsReevaluation: false } });
    },

    /**
     * Takes a channel out, if it still serves the same account: its webhook and its account go, its rules stay until
     * `expiresAt`, and it remembers that what the account left is to be ended.
     *
     * @param change.movedTo the channel that takes its place, if one does
     * @param change.outboxChange what there is to tell of it, if anything
     * @returns the channel, unless it was taken out before
     */
    async disconnect(
      { _id, accountId }: Pick<Channel, '_id' | 'accountId'>,
      {
        now,
        expiresAt,
        movedTo,
        outboxChange,
      }: { now: Date; expiresAt: Date; movedTo?: string; outboxChange?: ChannelChange },
    ): Promise<ChangedChannel | undefined> {
      const changed = await channels.findOneAndUpdate(
        { _id, accountId, status: connected },
        toDisconnected(now, expiresAt, movedTo, outboxChange),
        { returnDocument: 'after', ...withoutWebhook },
      );
      return changed ?? undefined;
    },
  };
}

/** The `_id` of a channel's document. */
export function channelKey(teamId: string, slackChannelId: string): string {
  return `${teamId}:${slackChannelId}`;
}

/** The workspace of a channel, by the channel's `_id`. */
export function teamIdOf(channelId: string): string {
  return channelId.slice(0, channelId.indexOf(':'));
}
