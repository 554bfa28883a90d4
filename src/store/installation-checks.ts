import type { Db } from 'mongodb';
import type { InstallationDocument } from './installations.ts';

export type InstallationCheckStore = ReturnType<typeof createInstallationCheckStore>;

/** A workspace whose token is to be checked, and since when. */
export type DueCheck = { teamId: string; dueAt: Date };

/** When the tokens in the collection `installations` are checked, and what came of it. */
export function createInstallationCheckStore(db: Db) {
  const installations = db.collection<InstallationDocument>('installations');
  /** The installation, while nobody asked for another check and the workspace did not install the app again. */
  const claimed = ({ teamId, dueAt }: DueCheck) => ({ _id: teamId, nextCheckAt: dueAt });

  return {
    /** Has a workspace's token checked at `at` at the latest. */
    async requestCheck(teamId: string, at: Date): Promise<void> {
      await installations.updateOne(
        { _id: teamId, removal: { $exists: false } },
        { $min: { nextCheckAt: at } },
      );
    },

    /** Workspaces whose tokens are to be checked by now, the one that waits the longest first. */
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

    /** Moves a check that is due, in one process only. @returns whether it was moved here */
    async moveCheck(due: DueCheck, nextCheckAt: Date): Promise<boolean> {
      return (await installations.updateOne(claimed(due), { $set: { nextCheckAt } })).modifiedCount === 1;
    },

    /** Records that a token works. */
    async recordValid(due: DueCheck, now: Date, nextCheckAt: Date): Promise<void> {
      await installations.updateOne(claimed(due), {
        $set: { nextCheckAt, lastCheckedAt: now },
        $unset: { invalidAuth: '' },
      });
    },

    /**
     * Records that Slack answered `invalid_auth`, without counting the day.
     *
     * @returns whether it was recorded: not where another check is due meanwhile
     */
    async recordInvalid(due: DueCheck, now: Date, nextCheckAt: Date): Promise<boolean> {
      await installations.updateOne(
        { ...claimed(due), invalidAuth: { $exists: false } },
        { $set: { invalidAuth: { days: 0, countedAt: new Date(0) } } },
      );
      const recorded = { nextCheckAt, lastCheckedAt: now };
      return (await installations.updateOne(claimed(due), { $set: recorded })).matchedCount === 1;
    },

    /**
     * Counts a day on which Slack answered `invalid_auth`.
     *
     * @param countUntil the day counts if the last that counted came by then
     * @returns how many days count now; `undefined` where this one does not, or the token is no longer called invalid
     */
    async countInvalidDay(teamId: string, now: Date, countUntil: Date): Promise<number | undefined> {
      const counted = await installations.findOneAndUpdate(
        { _id: teamId, 'invalidAuth.countedAt': { $lte: countUntil } },
        { $set: { 'invalidAuth.countedAt': now }, $inc: { 'invalidAuth.days': 1 } },
        { returnDocument: 'after', projection: { invalidAuth: 1 } },
      );
      return counted?.invalidAuth?.days;
    },

    /** Begins to count the days anew, of every installation whose token Slack calls invalid. */
    async resetInvalidDays(now: Date): Promise<void> {
      await installations.updateMany(
        { 'invalidAuth.countedAt': { $type: 'date' } },
        { $set: { invalidAuth: { days: 0, countedAt: now } } },
      );
    },

    /** How many installations were checked since an instant, and of how many the token was invalid. */
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
