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
     * Records that Slack answered `invalid_auth`.
     *
     * @param countUntil an answer counts as one of another day if the last that counted came by then
     * @returns on how many days it did so since the token last worked; `undefined` where another check is due meanwhile
     */
    async recordInvalid(
      due: DueCheck,
      now: Date,
      countUntil: Date,
      nextCheckAt: Date,
    ): Promise<number | undefined> {
      const before = await installations.findOne(claimed(due), { projection: { invalidAuth: 1 } });
      if (before === null) return undefined;
      const { days, countedAt } = before.invalidAuth ?? { days: 0 };
      const counts = countedAt === undefined || countedAt <= countUntil;
      const invalidAuth = counts ? { days: days + 1, countedAt: now } : { days, countedAt };
      const { matchedCount } = await installations.updateOne(claimed(due), {
        $set: { nextCheckAt, lastCheckedAt: now, invalidAuth },
      });
      return matchedCount === 1 ? invalidAuth.days : undefined;
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
