import { type Db, ObjectId } from 'mongodb';
import { dayMs } from '../lib/time.ts';
import { insertMissing } from './bulk.ts';

export type Actor =
  | { kind: 'user'; teamId: string; userId: string }
  | { kind: 'account'; accountId: string }
  | { kind: 'slack'; teamId: string };

/** `before` and `after` hold the values that changed. */
export type AuditEntry = {
  at: Date;
  /** `null` for a change that concerns all of an account's channels in the workspace. */
  channelId: string | null;
  teamId: string;
  accountId: string | null;
  actor: Actor;
  action: AuditAction;
  before?: unknown;
  after?: unknown;
};

export type AuditAction =
  | 'connected'
  | 'reconnected'
  | 'linked'
  | 'unlinked'
  | 'moved'
  | 'rules_changed'
  | 'managers_changed'
  | 'external_acknowledge_changed'
  | 'paused'
  | 'resumed'
  | 'customer_muted'
  | 'customer_unmuted'
  | 'acknowledgement_undone'
  | 'owner_user_changed'
  | 'delivery_retried'
  | 'test_alert_sent'
  | 'disconnected';

const connectingActions: readonly AuditAction[] = ['connected', 'reconnected', 'moved'];

export type AuditStore = ReturnType<typeof createAuditStore>;

const auditRetentionMs = 365 * dayMs;

export function createAuditStore(db: Db) {
  const audit = db.collection<AuditEntry & { _id: ObjectId; expiresAt: Date }>('audit');

  return {
    /** @param id 24 hexadecimal digits; adding the same id again does nothing */
    async add(id: string, entry: AuditEntry): Promise<void> {
      const expiresAt = new Date(entry.at.getTime() + auditRetentionMs);
      await insertMissing(audit, [{ ...entry, _id: new ObjectId(id), expiresAt }]);
    },

    async listOfTeam(teamId: string): Promise<{ accountIds: string[]; channelIds: string[] }> {
      const [accountIds, channelIds] = await Promise.all([
        audit.distinct('accountId', { teamId, accountId: { $type: 'string' } }),
        audit.distinct('channelId', { teamId }),
      ]);
      const isNamed = (id: string | null) => id !== null;
      return { accountIds: accountIds.filter(isNamed), channelIds: channelIds.filter(isNamed) };
    },

    async listChannelsConnectedSince(teamId: string, since: Date): Promise<string[]> {
      const action = { $in: [...connectingActions] };
      const ids = await audit.distinct('channelId', { teamId, at: { $gt: since }, action });
      return ids.filter((id) => id !== null);
    },

    async removeOfChannels(teamId: string, channelIds: readonly string[]): Promise<void> {
      await audit.deleteMany({ teamId, channelId: { $in: [...channelIds] } });
    },

    /** Removes only entries that concern no single channel. */
    async removeOfTeam(teamId: string, until: Date): Promise<void> {
      await audit.deleteMany({ teamId, channelId: null, at: { $lte: until } });
    },

    async removeOfAccount(accountId: string, until: Date): Promise<void> {
      await audit.deleteMany({ accountId, at: { $lte: until } });
    },

    /** Latest first. `accountId` is `null` while the channel waits for an account. */
    listByChannel(
      { _id: channelId, accountId }: { _id: string; accountId: string | null },
      limit: number,
    ): Promise<AuditEntry[]> {
      return audit
        .find({ channelId, accountId }, { sort: { at: -1 }, limit, projection: { _id: 0, expiresAt: 0 } })
        .toArray();
    },
  };
}
