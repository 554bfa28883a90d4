import type { Db, Filter } from 'mongodb';
import { readRules } from '../../domain/rules.ts';
import { isDailyDigest } from '../../domain/timing.ts';
import { createBatcher, type FailedItem, tryItem } from '../../lib/batcher.ts';
import { AppError } from '../../lib/errors.ts';
import type { Actor } from '../audit.ts';
import { isDuplicateKey } from '../bulk.ts';
import type { Encrypted, Keyring } from '../keyring.ts';
import { connectRefusal, mayConnect } from './connect-guard.ts';
import {
  type DecisionPart,
  type DecisionParts,
  type DecisionQuery,
  decisionStages,
  sortDecisionParts,
} from './decision-query.ts';
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
  withRules,
} from './document.ts';
import { type ChangedChannel, newChangeId } from './outbox.ts';
import { createChannelQueries } from './queries.ts';
import { appendToOutbox, assign, count, toConnected, toDisconnected } from './updates.ts';

export type ChannelStore = ReturnType<typeof createChannelStore>;

export type SettingsChange = Partial<
  Pick<ChannelDocument, 'rules' | 'pausedUntil' | 'managers' | 'externalAcknowledge'>
>;

const loadBatchSize = 5000;

const sendableFields = {
  accountId: 1,
  webhookUrl: 1,
  connectedAt: 1,
  rulesEpoch: 1,
  trouble: 1,
  rules: 1,
  ownersVersion: 1,
} as const;

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
    if (channel?.webhookUrl === undefined) return undefined;
    const { _id: id, accountId, webhookUrl, connectedAt, rulesEpoch, trouble, ownersVersion } = channel;
    const rules = readRules(channel.rules);
    return {
      id,
      accountId,
      webhookUrl: keyring.decrypt(webhookUrl, webhookOwner(channel)),
      connectedAt,
      rulesEpoch,
      trouble: trouble ?? null,
      ...(isDailyDigest(rules.timing) && { hasDailyDigest: true }),
      mentionOwner: rules.mentionOwner,
      ownersVersion,
    };
  }

  function toServingChannel({ webhookUrl, outbox: _outbox, ...channel }: ChannelDocument): ServingChannel {
    const isActive = channel.status === 'active';
    return {
      ...withRules(channel),
      toSendable: () => (isActive ? toSendable({ ...channel, webhookUrl }) : undefined),
    };
  }

  return {
    ...createChannelQueries(channels, keyring),

    /**
     * Connecting again replaces the webhook and keeps the rules.
     * @param options.actor without one, nothing is published
     * @param options.byAccount if the account itself asked for it, whoever connects the channel becomes a manager
     * @throws AppError `channel_serves_another_account` or `channel_managed`
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
      // If two upserts of a new channel collide, the loser finds the document on its second attempt.
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
      return { channel: withRules(channel), again: channel.createdAt.getTime() !== now.getTime() };
    },

    async listByAccounts(accountIds: readonly string[]): Promise<ServingChannel[]> {
      const found = await channels.find(servingOf(accountIds), { projection: { outbox: 0 } }).toArray();
      return found.map(toServingChannel);
    },

    async listForDecisions(query: DecisionQuery): Promise<DecisionParts<ServingChannel>> {
      const found = channels.aggregate<DecisionPart>(decisionStages(servingOf(query.accountIds), query));
      return sortDecisionParts(await found.toArray(), toServingChannel);
    },

    /** Returns `undefined` if there are more than `max`. */
    async listAllServing(max: number): Promise<ServingChannel[] | undefined> {
      const found = await channels
        .find(
          { accountId: { $type: 'string' }, status: connected },
          // With a projection, the embedded database would decode and encode each document.
          { limit: max + 1, batchSize: loadBatchSize },
        )
        .toArray();
      return found.length > max ? undefined : found.map(toServingChannel);
    },

    async endFormer(id: string, { accountId, until }: FormerAccount): Promise<void> {
      await channels.updateOne({ _id: id }, { $pull: { formerAccounts: { accountId, until } } });
    },

    /** Returns `undefined` if not active. @throws AppError that `isUndecryptable`, for this channel only */
    findSendable: createBatcher<string, SendableChannel | undefined>(listSendable),

    async findWebhook(id: string): Promise<(SendableChannel & { isBroken: boolean }) | undefined> {
      const found = await channels.findOne({ _id: id, status: connected });
      const sendable = toSendable(found ?? undefined);
      return sendable && { ...sendable, isBroken: found?.status === 'broken' };
    },

    /**
     * Changes nothing and returns `undefined` if its `version` or account has changed. New rules mark it for
     * reevaluation.
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
      return changed === null ? undefined : withRules(changed);
    },

    /** @param since does nothing if this was already recorded after this instant */
    async markExternalSeen(id: string, now: Date, since: Date): Promise<boolean> {
      const isDue = { $not: { $gt: since } };
      const { modifiedCount } = await channels.updateOne(
        { _id: id, status: connected, externalSeenAt: isDue },
        { $set: { externalSeenAt: now } },
      );
      return modifiedCount === 1;
    },

    async markOwnersChanged(teamId: string, accountId: string): Promise<void> {
      await channels.updateMany(
        { teamId, accountId, status: connected },
        { $set: { ownersVersion: newChangeId() }, $inc: { rulesEpoch: 1 } },
      );
    },

    async markForReevaluation(id: string): Promise<void> {
      await channels.updateOne({ _id: id }, { $set: { needsReevaluation: true }, $inc: { rulesEpoch: 1 } });
    },

    async markReevaluated(id: string, rulesEpoch: number): Promise<void> {
      await channels.updateOne({ _id: id, rulesEpoch }, { $set: { needsReevaluation: false } });
    },

    /**
     * Keeps the rules until `expiresAt`.
     * @returns the channel, unless it was disconnected already or serves another account
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
      return changed === null ? undefined : withRules(changed);
    },
  };
}

function servingOf(accountIds: readonly string[]): Filter<ChannelDocument> {
  return { accountId: { $in: [...accountIds] }, status: connected };
}

export function channelKey(teamId: string, slackChannelId: string): string {
  return `${teamId}:${slackChannelId}`;
}

export function teamIdOf(channelId: string): string {
  return channelId.slice(0, channelId.indexOf(':'));
}
