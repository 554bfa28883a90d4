import type { Db, Document, Filter } from 'mongodb';
import { defaultRules } from '../../domain/rules.ts';
import type { Actor } from '../audit.ts';
import type { Keyring } from '../keyring.ts';
import type { Channel, ChannelChange } from './document.ts';
import { type ChannelDocument, connected, endOfTime, withoutWebhook, withRules } from './document.ts';
import type { ChangedChannel } from './outbox.ts';
import { createChannelReader, forReaders } from './reader.ts';
import { appendToOutbox, assign, toServing, toWaiting } from './updates.ts';

export type WhichChannels = { ids?: readonly string[]; until?: Date };

export type ChannelAccountStore = ReturnType<typeof createChannelAccountStore>;

export function createChannelAccountStore(db: Db, keyring: Keyring) {
  const readChannel = createChannelReader(keyring);
  const channels = db.collection<ChannelDocument>('channels');

  /** Changes channels one by one, so that exactly one caller publishes each change. */
  async function changeEach(
    filter: Filter<ChannelDocument>,
    toChange: () => Document[],
  ): Promise<ChangedChannel[]> {
    const changed: ChangedChannel[] = [];
    for (;;) {
      const channel = await channels.findOneAndUpdate({ ...filter, status: connected }, toChange(), {
        returnDocument: 'after',
        ...withoutWebhook,
      });
      if (channel === null) return changed;
      changed.push(withRules(channel));
    }
  }

  return {
    listWaiting: (teamId: string, userId: string): Promise<string[]> =>
      channels.distinct('_id', { ...waitingFor(teamId, userId), status: connected }),

    listServing: (teamId: string, accountId: string): Promise<string[]> =>
      channels.distinct('_id', { teamId, accountId, status: connected }),

    /** Links only a channel that waits for an account and that the person manages. */
    link: (_id: string, accountId: string, now: Date, person: Actor & { kind: 'user' }) =>
      changeEach({ _id, ...waitingFor(person.teamId, person.userId) }, () => [
        ...toServing(accountId, now),
        assign({ servesSince: now }),
        appendToOutbox({ action: 'linked', actor: person, at: now }),
      ]),

    /** Keeps the rules until the channels serve another account. */
    unlink: (
      teamId: string,
      accountId: string,
      now: Date,
      actor: Actor,
      { ids, until }: WhichChannels = {},
    ) =>
      changeEach(
        { teamId, accountId, ...(ids && { _id: { $in: [...ids] } }), ...servingUntil(until) },
        () => [appendToOutbox({ action: 'unlinked', actor, at: now }), toWaiting(now)],
      ),

    listPage(accountId: string, after: string | undefined, limit: number): Promise<Channel[]> {
      const further = after === undefined ? {} : { _id: { $gt: after } };
      return channels
        .find({ accountId, status: connected, ...further }, { ...forReaders, sort: { _id: 1 }, limit })
        .map(readChannel)
        .toArray();
    },

    listConnectedTeams: (teamIds: readonly string[]): Promise<string[]> =>
      channels.distinct('teamId', { teamId: { $in: [...teamIds] }, status: connected }),

    listIdsOfTeam: (teamId: string): Promise<string[]> => channels.distinct('_id', { teamId }),

    listIdsConnectedSince: (teamId: string, since: Date): Promise<string[]> =>
      channels.distinct('_id', { teamId, connectedAt: { $gt: since } }),

    async removeOfTeam(teamId: string, until: Date): Promise<void> {
      await channels.deleteMany({ teamId, status: 'disconnected', connectedAt: { $lte: until } });
    },

    /** @returns the disconnected channel; `undefined` if it is gone or was connected since `at` */
    async markUninstalled(
      id: string,
      at: Date,
      expiresAt: Date,
      outboxChange: ChannelChange,
    ): Promise<ChangedChannel | undefined> {
      const change = [
        // Slack sends two events for one uninstall: only one of them is published.
        appendToOutbox(outboxChange, { unless: { $eq: ['$status', 'disconnected'] } }),
        {
          $set: {
            status: 'disconnected',
            teamName: null,
            name: '$slackChannelId',
            accountId: null,
            brokenReason: null,
            brokenAt: null,
            retryAt: null,
            trouble: null,
            pausedUntil: null,
            connectedBy: '',
            managers: [],
            servesSince: endOfTime,
            // A channel that was disconnected earlier is not kept longer.
            expiresAt: { $ifNull: ['$expiresAt', expiresAt] },
          },
        },
        {
          $unset: [
            'webhookUrl',
            'configurationUrl',
            'movedFrom',
            'movedTo',
            'formerAccounts',
            'externalAcknowledge',
            'externalSeenAt',
          ],
        },
      ];
      const left = await channels.findOneAndUpdate({ _id: id, connectedAt: { $lte: at } }, change, {
        returnDocument: 'after',
        ...withoutWebhook,
      });
      return left === null ? undefined : withRules(left);
    },

    /** Lists the workspaces with connected channels whose rules belong to the account. */
    listTeamsOfAccount: (accountId: string): Promise<string[]> =>
      channels.distinct('teamId', {
        $or: [{ accountId }, { lastAccountId: accountId }],
        status: connected,
      }),

    /** @param until keeps channels that serve the account since a later instant: the account came back */
    async removeOfAccount(accountId: string, until: Date): Promise<void> {
      await channels.deleteMany({ accountId, ...servingUntil(until) });
      await channels.deleteMany({
        lastAccountId: accountId,
        accountId: null,
        status: 'disconnected',
        connectedAt: { $lte: until },
      });
      await channels.updateMany({ lastAccountId: accountId, accountId: null }, [
        assign({ rules: defaultRules, pausedUntil: null }),
        { $unset: ['lastAccountId'] },
      ]);
      await channels.updateMany(
        { 'formerAccounts.accountId': { $type: 'string', $eq: accountId } },
        { $pull: { formerAccounts: { accountId, until: { $lte: until } } } },
      );
    },
  };
}

function servingUntil(until: Date | undefined): Filter<ChannelDocument> {
  return until === undefined ? {} : { servesSince: { $lte: until } };
}

function waitingFor(teamId: string, userId: string): Filter<ChannelDocument> {
  return { teamId, accountId: null, managers: { $in: ['everyone', userId] } };
}
