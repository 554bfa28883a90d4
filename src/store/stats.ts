import type { Db } from 'mongodb';

/** What only the database knows, the same for all processes. */
export type DatabaseStats = {
  /** When the pending delivery that is due the soonest is, or was. */
  earliestPending: Date | undefined;
  /** How many deliveries are held, counted up to `maxHeldCount`. */
  held: number;
  leases: number;
  brokenChannels: number;
  /** Channels whose alerts do not get through, though their webhooks are not known to be gone. */
  troubledChannels: number;
  /** Installations whose token Slack last called invalid. */
  invalidInstallations: number;
  /** When the first of Agenda's jobs should run, or should have. */
  earliestJob: Date | undefined;
};

/** Counting takes time, and from here on it makes no difference. */
const maxHeldCount = 10_000;

/** Reads the figures, each from an index or by looking at a handful of documents. */
export async function readStats(db: Db): Promise<DatabaseStats> {
  const deliveries = db.collection<{ nextAttemptAt: Date }>('deliveries');
  const jobs = db.collection<{ nextRunAt: Date }>('agendaJobs');
  const [pending, held, leases, brokenChannels, troubledChannels, invalidInstallations, job] =
    await Promise.all([
      deliveries.findOne(
        { state: 'pending' },
        { sort: { nextAttemptAt: 1 }, projection: { _id: 0, nextAttemptAt: 1 } },
      ),
      deliveries.countDocuments({ state: 'held' }, { limit: maxHeldCount }),
      db.collection('leases').estimatedDocumentCount(),
      db.collection('channels').countDocuments({ brokenAt: { $type: 'date' }, status: 'broken' }),
      db.collection('channels').countDocuments({ 'trouble.since': { $type: 'date' } }),
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
