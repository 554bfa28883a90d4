import type { Db } from 'mongodb';
import type { InstallationDocument } from './installations.ts';

export type InstallationCheckStore = ReturnType<typeof createInstallationCheckStore>;

export type DueCheck = { teamId: string; dueAt: Date };

export function createInstallationCheckStore(db: Db) {
  const installations = db.collection<InstallationDocument>('installations');
  /** Matches unless somebody requested another check, or the app was reinstalled. */
  const claimed = ({ teamId, dueAt }: DueCheck) => ({ _id: teamId, nextCheckAt: dueAt });

  return {
    async requestCheck(teamId: string, at: Date): Promise<void> {
      await installations.updateOne(
        { _id: teamId, removal: { $exists: false } },
        { $min: { nextCheckAt: at } },
      );
    },

    async listDueChecks(now: Date, limit: number): Promise<DueCheck[]> {
      const found = await installations
        .find(
          { nextCheckAt: { $lte: now } },
          { sort: { nextCheckAt: 1 }, limit, projection: { nextCheckAt: 1 } },
        )
        .toArray();
      return found.flatMap(({ _id, nextCheckAt }) =>
        nextCheckAt === undefined ? [] : [{ teamId: _id, dueAt: nextCheckAt }],
      );
    },

    async moveCheck(due: DueCheck, nextCheckAt: Date): Promise<boolean> {
      return (await installations.updateOne(claimed(due), { $set: { nextCheckAt } })).modifiedCount === 1;
    },

    async recordValid(due: DueCheck, now: Date, nextCheckAt: Date): Promise<void> {
      await installations.updateOne(claimed(due), {
        $set: { nextCheckAt, lastCheckedAt: now },
        $unset: { invalidAuth: '' },
      });
    },

    /** @returns false if another check has become due */
    async recordInvalid(due: DueCheck, now: Date, nextCheckAt: Date): Promise<boolean> {
      await installations.updateOne(
        { ...claimed(due), invalidAuth: { $exists: false } },
        { $set: { invalidAuth: { days: 0, countedAt: new Date(0) } } },
      );
      const recorded = { nextCheckAt, lastCheckedAt: now };
      return (await installations.updateOne(claimed(due), { $set: recorded })).matchedCount === 1;
    },

    /**
     * @param countUntil the day counts if the last counted one was at or before this
     * @returns the number of days; `undefined` if this one does not count
     */
    async countInvalidDay(teamId: string, now: Date, countUntil: Date): Promise<number | undefined> {
      const counted = await installations.findOneAndUpdate(
        { _id: teamId, 'invalidAuth.countedAt': { $lte: countUntil } },
        { $set: { 'invalidAuth.countedAt': now }, $inc: { 'invalidAuth.days': 1 } },
        { returnDocument: 'after', projection: { invalidAuth: 1 } },
      );
      return counted?.invalidAuth?.days;
    },

    async resetInvalidDays(now: Date): Promise<void> {
      await installations.updateMany(
        { 'invalidAuth.countedAt': { $type: 'date' } },
        { $set: { invalidAuth: { days: 0, countedAt: now } } },
      );
    },

    async countChecked(since: Date): Promise<{ checked: number; invalid: number }> {
      const lastCheckedAt = { $gt: since };
      const [checked, invalid] = await Promise.all([
        installations.countDocuments({ lastCheckedAt }),
        installations.countDocuments({ lastCheckedAt, 'invalidAuth.countedAt': { $type: 'date' } }),
      ]);
      return { checked, invalid };
    },
  };
}
