import type { Db } from 'mongodb';
import type { ChannelChange } from './document.ts';
import { type ChannelDocument, connected, type Trouble, withoutWebhook, withRules } from './document.ts';
import type { ChangedChannel } from './outbox.ts';
import { appendToOutbox, assign } from './updates.ts';

type Break = { reason: string; retryAt: Date | null };

export type RetryableChannel = Pick<
  ChannelDocument,
  '_id' | 'accountId' | 'connectedAt' | 'brokenAt' | 'retryAt'
>;

type ReadChannel = { id: string; accountId: string | null; connectedAt: Date };

type TroubledChannel = Pick<ChannelDocument, '_id' | 'accountId' | 'connectedAt' | 'trouble'>;

export type ChannelHealthStore = ReturnType<typeof createChannelHealthStore>;

export function createChannelHealthStore(db: Db) {
  const channels = db.collection<ChannelDocument>('channels');

  return {
    /**
     * Does nothing if the channel was reconnected meanwhile, or is broken, unless Slack asked to wait.
     * @returns its workspace, if something changed
     */
    async setTrouble(id: string, connectedAt: Date, trouble: Trouble | null): Promise<string | undefined> {
      const status = trouble?.waitsUntil instanceof Date ? connected : 'active';
      const changed = await channels.findOneAndUpdate(
        { _id: id, status, connectedAt },
        { $set: { trouble } },
        { projection: { teamId: 1 } },
      );
      return changed?.teamId;
    },

    /** Does nothing if the trouble changed meanwhile. @returns its workspace, if something changed */
    async endTrouble({ _id, connectedAt, trouble }: TroubledChannel): Promise<string | undefined> {
      const changed = await channels.findOneAndUpdate(
        { _id, status: connected, connectedAt, 'trouble.since': trouble?.since ?? null },
        { $set: { trouble: null } },
        { projection: { teamId: 1 } },
      );
      return changed?.teamId;
    },

    listTroubled(): Promise<TroubledChannel[]> {
      const troubled = { 'trouble.since': { $type: 'date' } } as const;
      return channels.find(troubled, { projection: { accountId: 1, connectedAt: 1, trouble: 1 } }).toArray();
    },

    listRetryable(now: Date): Promise<RetryableChannel[]> {
      const due = { retryAt: { $type: 'date', $lte: now }, status: 'broken' } as const;
      return channels
        .find(due, { projection: { accountId: 1, connectedAt: 1, brokenAt: 1, retryAt: 1 } })
        .toArray();
    },

    /** @returns false if another process postponed it since it was read */
    async postponeRetry(
      { _id, accountId, connectedAt, retryAt }: RetryableChannel,
      next: Date,
    ): Promise<boolean> {
      const { modifiedCount } = await channels.updateOne(
        { _id, accountId, status: 'broken', connectedAt, retryAt: retryAt ?? null },
        { $set: { retryAt: next } },
      );
      return modifiedCount > 0;
    },

    async stayBroken(channel: ReadChannel, { reason, retryAt }: Break): Promise<void> {
      await channels.updateOne(
        { ...toFilter(channel), status: 'broken' },
        { $set: { brokenReason: reason, retryAt } },
      );
    },

    /** Does nothing after a reconnect or a change of accounts. @returns the channel, if it was broken */
    async restore(channel: ReadChannel, change: ChannelChange): Promise<ChangedChannel | undefined> {
      const restored = await channels.findOneAndUpdate(
        { ...toFilter(channel), status: 'broken' },
        [
          assign({ status: 'active', brokenReason: null, retryAt: null, trouble: null }),
          appendToOutbox(change),
        ],
        { returnDocument: 'after', ...withoutWebhook },
      );
      return restored === null ? undefined : withRules(restored);
    },

    /** Does nothing after a reconnect or a change of accounts. @returns it, if it was not broken before */
    async markBroken(
      channel: ReadChannel,
      { reason, retryAt }: Break,
      now: Date,
    ): Promise<ChangedChannel | undefined> {
      const broken = await channels.findOneAndUpdate(
        { ...toFilter(channel), status: 'active' },
        [
          assign({ status: 'broken', brokenReason: reason, brokenAt: now, retryAt, trouble: null }),
          appendToOutbox({ action: 'broken', actor: null, at: now }),
        ],
        { returnDocument: 'after', ...withoutWebhook },
      );
      return broken === null ? undefined : withRules(broken);
    },
  };
}

function toFilter({ id, accountId, connectedAt }: ReadChannel) {
  return { _id: id, accountId, connectedAt };
}
