import type { Collection, Filter } from 'mongodb';
import { isDirectMessage } from '../../domain/direct-message.ts';
import type { Keyring } from '../keyring.ts';
import type { Channel } from './document.ts';
import { type ChannelDocument, connected } from './document.ts';
import { createChannelReader, forReaders } from './reader.ts';

/** Reads channels without their webhooks: by workspace, by id, and by what is still to be done for them. */
export function createChannelQueries(channels: Collection<ChannelDocument>, keyring: Keyring) {
  const readChannel = createChannelReader(keyring);

  return {
    /** A workspace's channels, active or broken. */
    listByTeam: (teamId: string) => list({ teamId, status: connected }),

    /** The ids of direct messages that are connected, as earlier versions let them be. */
    async listDirectMessages(): Promise<string[]> {
      const found = channels.find({ status: connected }, { projection: { slackChannelId: 1, name: 1 } });
      const ids: string[] = [];
      for await (const channel of found) if (isDirectMessage(channel)) ids.push(channel._id);
      return ids;
    },

    /** Channels by their ids, whatever their status. */
    listByIds: (ids: readonly string[]) => list({ _id: { $in: [...ids] } }),

    async find(id: string): Promise<Channel | undefined> {
      const found = await channels.findOne({ _id: id }, forReaders);
      return found === null ? undefined : readChannel(found);
    },

    /** The channels whose rules changed and whose held deliveries may not have been decided anew. */
    async listNeedingReevaluation(): Promise<string[]> {
      return (await list({ needsReevaluation: true })).map(({ _id }) => _id);
    },

    /** The channels that broke at some time and were not disconnected. */
    listEverBroken: () => list({ brokenAt: { $type: 'date' }, status: connected }),

    /** Of each channel that is connected the account that it serves and the epoch of its rules now. */
    async listServing(
      ids: readonly string[],
    ): Promise<Map<string, Pick<ChannelDocument, 'accountId' | 'rulesEpoch'>>> {
      const found = await channels
        .find({ _id: { $in: [...ids] }, status: connected }, { projection: { accountId: 1, rulesEpoch: 1 } })
        .toArray();
      return new Map(found.map((channel) => [channel._id, channel]));
    },

    /** The channels in which accounts that they no longer serve left something, all or some of them. */
    listFormer: (which: { _id?: string; teamId?: string } = {}) =>
      list({ ...which, 'formerAccounts.accountId': { $type: 'string' } }),
  };

  function list(filter: Filter<ChannelDocument>): Promise<Channel[]> {
    return channels.find(filter, forReaders).map(readChannel).toArray();
  }
}
