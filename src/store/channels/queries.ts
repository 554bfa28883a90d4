import type { Collection, Filter } from 'mongodb';
import type { Keyring } from '../keyring.ts';
import type { Channel } from './document.ts';
import { type ChannelDocument, connected } from './document.ts';
import { createChannelReader, forReaders } from './reader.ts';

export function createChannelQueries(channels: Collection<ChannelDocument>, keyring: Keyring) {
  const readChannel = createChannelReader(keyring);

  return {
    listByTeam: (teamId: string) => list({ teamId, status: connected }),

    listByIds: (ids: readonly string[]) => list({ _id: { $in: [...ids] } }),

    async find(id: string): Promise<Channel | undefined> {
      const found = await channels.findOne({ _id: id }, forReaders);
      return found === null ? undefined : readChannel(found);
    },

    async listNeedingReevaluation(): Promise<string[]> {
      return (await list({ needsReevaluation: true })).map(({ _id }) => _id);
    },

    listEverBroken: () => list({ brokenAt: { $type: 'date' }, status: connected }),

    async listServing(
      ids: readonly string[],
    ): Promise<Map<string, Pick<ChannelDocument, 'accountId' | 'rulesEpoch'>>> {
      const found = await channels
        .find({ _id: { $in: [...ids] }, status: connected }, { projection: { accountId: 1, rulesEpoch: 1 } })
        .toArray();
      return new Map(found.map((channel) => [channel._id, channel]));
    },

    listFormer: (which: { _id?: string; teamId?: string } = {}) =>
      list({ ...which, 'formerAccounts.accountId': { $type: 'string' } }),
  };

  function list(filter: Filter<ChannelDocument>): Promise<Channel[]> {
    return channels.find(filter, forReaders).map(readChannel).toArray();
  }
}
