import type { Db } from 'mongodb';

export type DatabaseStats = {
  earliestPending: Date | undefined;
  held: number;
  leases: number;
  brokenChannels: number;
  /** Channels whose alerts are failing, although the webhook is not known to be gone. */
  troubledChannels: number;
  invalidInstallations: number;
  earliestJob: Date | undefined;
};

/** Maximum count, since counting takes time and more would make no difference. */
const maxHeldCount = 10_000;

/** @param countLeases is given where leases are not in the database */
export async function readStats(
  db: Db,
  countLeases: () => Promise<number> | number = () => db.collection('leases').estimatedDocumentCount(),
): Promise<DatabaseStats> {
  const deliveries = db.collection<{ nextAttemptAt: Date }>('deliveries');
  const jobs = db.collection<{ nextRunAt: Date }>('agendaJobs');
  const [pending, held, leases, brokenChannels, troubledChannels, invalidInstallations, job] =
    await Promise.all([
      deliveries.findOne(
        { state: 'pending' },
        { sort: { nextAttemptAt: 1 }, projection: { _id: 0, nextAttemptAt: 1 } },
      ),
      deliveries.countDocuments({ state: 'held' }, { limit: maxHeldCount }),
      countLeases(),
      db.collection('channels').countDocuments({ brokenAt: { $type: 'date' }, status: 'broken' }),
      db.collection('channels').countDocuments({ 'trouble.since': { $type: 'date' }, status: 'active' }),
      db.collection('installations').countDocuments({ 'invalidAuth.countedAt': { $type: 'date' } }),
      jobs.findOne(
        { nextRunAt: { $type: 'date' } },
        { sort: { nextRunAt: 1 }, projection: { _id: 0, nextRunAt: 1 } },
      ),
    ]);
  return {
    earliestPending: pending?.nextAttemptAt,
    held,
    leases,
    brokenChannels,
    troubledChannels,
    invalidInstallations,
    earliestJob: job?.nextRunAt,
  };
}
