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
  };
}
