import type { Logger } from 'pino';
import type { DatabaseFigures } from '../store/figures.ts';
import type { Metrics } from './metrics.ts';
import { remembered } from './remembered.ts';
import { within } from './within.ts';

/** How long figures are kept, and how long they may take. Milliseconds. */
const keptMs = 10_000;
const longestReadMs = 2000;

/**
 * Brings the gauges of the database up to date, with a few queries at most every ten seconds. It never fails: while the
 * database is away these gauges are absent, and `database_up` is 0.
 */
export function createDatabaseGauges(parts: {
  metrics: Metrics;
  read: () => Promise<DatabaseFigures>;
  now: () => Date;
  logger: Logger;
}): () => Promise<void> {
  const { metrics, read, now, logger } = parts;
  const { queueAge, held, leases, brokenChannels, troubledChannels, invalidInstallations, agendaLag } =
    metrics;

  const all = [queueAge, held, leases, brokenChannels, troubledChannels, invalidInstallations, agendaLag];

  const lateness = (due: Date | undefined) =>
    due === undefined ? 0 : Math.max(0, now().getTime() - due.getTime()) / 1000;

  return remembered(keptMs, async () => {
    try {
      const figures = await within(longestReadMs, read());
      queueAge.set(lateness(figures.earliestPending));
      held.set(figures.held);
      leases.set(figures.leases);
      brokenChannels.set(figures.brokenChannels);
      troubledChannels.set(figures.troubledChannels);
      invalidInstallations.set(figures.invalidInstallations);
      agendaLag.set(lateness(figures.earliestJob));
      metrics.databaseUp.set(1);
    } catch (error) {
      logger.warn({ err: error }, 'the figures of the database could not be read');
      for (const gauge of all) gauge.remove();
      metrics.databaseUp.set(0);
    }
  });
}
