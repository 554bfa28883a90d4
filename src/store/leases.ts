import type { Db, Filter } from 'mongodb';
import { type ChannelDocument, webhookOwner } from './channels.ts';
import type { Keyring } from './keyring.ts';

/** A channel as its sender needs it. The URL is a secret; `connectedAt` tells one webhook from the next. */
export type SendableChannel = { id: string; webhookUrl: string; connectedAt: Date };

export type LeaseStore = ReturnType<typeof createLeaseStore>;

/** Matches a channel that no living process serves. */
const isFree: Filter<ChannelDocument>[] = [{ lease: null }, { $expr: { $lte: ['$lease.until', '$$NOW'] } }];

/**
 * The leases of channels, kept in `channels`: who has one is the only process that sends to the channel. They end by
 * the database's clock (`$$NOW`), so that the clocks of the processes may differ.
 *
 * @param holder names this process, and no other one ever
 * @param ttlMs how long a lease lasts unless it is renewed
 */
export function createLeaseStore(
  db: Db,
  keyring: Keyring,
  { holder, ttlMs }: { holder: string; ttlMs: number },
) {
  const channels = db.collection<ChannelDocument>('channels');
  const ours = (ids: readonly string[]) => ({ _id: { $in: [...ids] }, 'lease.holder': holder });
  const until = { $add: ['$$NOW', ttlMs] };

  /** Those whose lease ended, or that have none. A pipeline, since not every engine takes $$NOW beside an index. */
  async function endedAmong(which: Filter<ChannelDocument>): Promise<string[]> {
    const found = await channels
      .aggregate<{ _id: string; ended: boolean }>([
        { $match: which },
        { $project: { ended: { $lte: [{ $ifNull: ['$lease.until', '$$NOW'] }, '$$NOW'] } } },
      ])
      .toArray();
    return found.filter(({ ended }) => ended).map(({ _id }) => _id);
  }

  return {
    /**
     * Takes the lease of an active channel that is free, in one atomic update; one that we have, perhaps without
     * knowing since the answer got lost, is taken again. @returns `undefined` otherwise
     */
    async take(id: string): Promise<SendableChannel | undefined> {
      const found = await channels.findOneAndUpdate(
        { _id: id, status: 'active', $or: [...isFree, { 'lease.holder': holder }] },
        [{ $set: { lease: { holder: { $literal: holder }, until } } }],
        { returnDocument: 'after', projection: { webhookUrl: 1, connectedAt: 1 } },
      );
      if (found === null) return undefined;
      return {
        id,
        webhookUrl: keyring.open(found.webhookUrl, webhookOwner(id)),
        connectedAt: found.connectedAt,
      };
    },

    /** Makes leases last anew. @returns those that are still ours; a lost one is not taken back */
    async renew(ids: readonly string[]): Promise<Set<string>> {
      const { matchedCount } = await channels.updateMany(ours(ids), [{ $set: { 'lease.until': until } }]);
      if (matchedCount === ids.length) return new Set(ids);
      const kept = await channels.find(ours(ids), { projection: { _id: 1 } }).toArray();
      return new Set(kept.map(({ _id }) => _id));
    },

    /** Gives leases back; one that is not ours any more stays as it is. */
    async giveBack(ids: readonly string[]): Promise<void> {
      await channels.updateMany(ours(ids), { $set: { lease: null } });
    },

    /** Ends every lease, whoever has it: only for a process that is alone on its database. */
    async endAll(): Promise<void> {
      await channels.updateMany({ 'lease.holder': { $exists: true } }, { $set: { lease: null } });
    },

    /** The channels whose holder died: their leases ended and were not given back. */
    async listAbandoned(): Promise<string[]> {
      return endedAmong({ 'lease.holder': { $exists: true } });
    },

    /** Those of the channels that no living process serves. */
    async listFree(ids: readonly string[]): Promise<string[]> {
      return endedAmong({ _id: { $in: [...ids] } });
    },
  };
}
