import type { Db } from 'mongodb';
import { type Channel, type ChannelDocument, connected, endOfTime, withoutWebhook } from './channels.ts';

export type ChannelAccountStore = ReturnType<typeof createChannelAccountStore>;

/** Which account the channels in the collection `channels` serve. */
export function createChannelAccountStore(db: Db) {
  const channels = db.collection<ChannelDocument>('channels');

  /** Changes channels one by one, so that each is told of by exactly one caller. */
  async function changeEach(
    filter: { teamId: string; accountId: string | null },
    change: Partial<ChannelDocument>,
  ): Promise<Channel[]> {
    const changed: Channel[] = [];
    for (;;) {
      const channel = await channels.findOneAndUpdate(
        { ...filter, status: connected },
        { $set: change },
        { returnDocument: 'after', ...withoutWebhook },
      );
      if (channel === null) return changed;
      changed.push(channel);
    }
  }

  return {
    /** Has the channels of a workspace that wait for an account serve this one. @returns them */
    link: (teamId: string, accountId: string, now: Date) =>
      changeEach({ teamId, accountId: null }, { accountId, servesSince: now }),

    /** Has the channels of a workspace that serve this account wait for one; their rules stay. @returns them */
    unlink: (teamId: string, accountId: string) =>
      changeEach({ teamId, accountId }, { accountId: null, servesSince: endOfTime }),

    /** An account's channels that are connected, by their ids. @param after the last id of the page before */
    listPage(accountId: string, after: string | undefined, limit: number): Promise<Channel[]> {
      const further = after === undefined ? {} : { _id: { $gt: after } };
      return channels
        .find({ accountId, status: connected, ...further }, { ...withoutWebhook, sort: { _id: 1 }, limit })
        .toArray();
    },

    /** The ids of a workspace's channels, whatever their status. */
    listIdsOfTeam: (teamId: string): Promise<string[]> => channels.distinct('_id', { teamId }),

    /** Forgets a channel, but for its rules until `expiresAt`. @returns the channel as it was before */
    async leave(id: string, expiresAt: Date): Promise<Channel | undefined> {
      const change = [
        {
          $set: {
            status: 'disconnected',
            teamName: null,
            name: '$slackChannelId',
            accountId: null,
            brokenReason: null,
            brokenAt: null,
            pausedUntil: null,
            connectedBy: '',
            managers: [],
            servesSince: endOfTime,
            // One that was disconnected before does not stay longer for it.
            expiresAt: { $ifNull: ['$expiresAt', expiresAt] },
          },
        },
        { $unset: ['webhookUrl', 'movedFrom', 'movedTo'] },
      ];
      const before = await channels.findOneAndUpdate({ _id: id }, change, {
        returnDocument: 'before',
        ...withoutWebhook,
      });
      return before ?? undefined;
    },

    /** Deletes an account's channels, rules and all, and what is left of those that it had. @param known their ids */
    async removeOfAccount(accountId: string, known: readonly string[]): Promise<void> {
      await channels.deleteMany({ accountId });
      await channels.deleteMany({ _id: { $in: [...known] }, status: 'disconnected' });
    },
  };
}
