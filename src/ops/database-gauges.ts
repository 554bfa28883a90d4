import type { Logger } from 'pino';
import { cachedFor } from '../lib/cached-for.ts';
import { withTimeout } from '../lib/timeout.ts';
import type { DatabaseStats } from '../store/stats.ts';
import type { Metrics } from './metrics.ts';

/** Time for which values are cached, and the timeout of the queries. */
const cacheMs = 10_000;
const maxReadMs = 2000;

/** Never fails: while the database is unavailable, these gauges are absent and `database_up` is 0. */
export function createDatabaseGauges(parts: {
  metrics: Metrics;
  read: () => Promise<DatabaseStats>;
  now: () => Date;
  logger: Logger;
}): () => Promise<void> {
  const { metrics, read, now, logger } = parts;
  const { queueAge, held, leases, brokenChannels, troubledChannels, invalidInstallations, agendaLag } =
    metrics;

  const all = [queueAge, held, leases, brokenChannels, troubledChannels, invalidInstallations, agendaLag];

  const lateness = (due: Date | undefined) =>
    due === undefined ? 0 : Math.max(0, now().getTime() - due.getTime()) / 1000;

  return cachedFor(cacheMs, async () => {
    try {
      const stats = await withTimeout(maxReadMs, read());
      queueAge.set(lateness(stats.earliestPending));
      held.set(stats.held);
      leases.set(stats.leases);
      brokenChannels.set(stats.brokenChannels);
      troubledChannels.set(stats.troubledChannels);
      invalidInstallations.set(stats.invalidInstallations);
      agendaLag.set(lateness(stats.earliestJob));
      metrics.databaseUp.set(1);
    } catch (error) {
      logger.warn({ err: error }, 'the database could not be queried for metrics');
      for (const gauge of all) gauge.remove();
      metrics.databaseUp.set(0);
    }
  });
}
