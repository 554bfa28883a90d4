import type { InstallationStore } from '@slack/oauth';
import type { Db } from 'mongodb';
import type { Logger } from 'pino';
import type { Connections } from '../channels/connect.ts';
import type { ChannelSettings } from '../channels/settings.ts';
import type { Config } from '../config.ts';
import { leaseTtlMs } from '../delivery/lease-manager.ts';
import type { Scheduler } from '../delivery/scheduler.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { createFetchWithTimeout } from '../lib/timeout.ts';
import { countDeliveries } from '../ops/count-deliveries.ts';
import { createHttpServer } from '../ops/http-server.ts';
import { boltLogger } from '../ops/log.ts';
import { createMetrics, type Metrics } from '../ops/metrics.ts';
import { createOperations } from '../ops/operations.ts';
import { createAuthTest } from '../slack/dead-token.ts';
import { type SlackTimeouts, slackTimeouts } from '../slack/timeouts.ts';
import { createClientWith, toWebClientOptions } from '../slack/web-client.ts';
import { ping } from '../store/database.ts';
import { findMissingIndexes } from '../store/indexes.ts';
import { createLeaseStore, deleteLeases } from '../store/leases.ts';
import { createMemoryLeases } from '../store/memory-leases.ts';
import { readStats } from '../store/stats.ts';
import type { Writes } from '../store/watch-writes.ts';
import { createDelivery } from './create-delivery.ts';
import { createStores } from './create-stores.ts';
import { createWebApp } from './create-web-app.ts';

export type PerlyForSlack = {
  /** @returns the port */
  start(): Promise<number>;
  /** Reports as not ready from now on, so that load balancers notice, and otherwise continues. */
  drain(): void;
  /** Accepts no more requests, finishes those in progress, and disconnects from Slack. The caller owns the database. */
  stop(): Promise<void>;
  settings: ChannelSettings;
  /** An installation is stored before its channel is connected. */
  installationStore: InstallationStore;
  connections: Connections;
};

/**
 * Nothing runs before `start`.
 * @param parts.name a unique name of this process, for its leases and locks
 * @param parts.alone set if no other process uses the database: leases and alerts' data stay in memory
 * @param parts.scheduler without one, recovery runs only at the start
 */
export function createApp(parts: {
  config: Config;
  db: Db;
  name: string;
  alone: Writes | undefined;
  isNewDatabase?: boolean;
  scheduler?: Scheduler;
  metrics?: Metrics;
  logger: Logger;
  clock?: Clock;
  random?: () => number;
  timeouts?: SlackTimeouts;
  paceMs?: number;
}): PerlyForSlack {
  const { config, db, logger, clock = systemClock, random = Math.random, metrics = createMetrics() } = parts;
  const { scheduler, timeouts = slackTimeouts } = parts;
  const observer = countDeliveries(metrics);
  const stores = createStores(db, config.appSecrets, observer.changed, parts.alone);
  const memoryLeases = parts.alone !== undefined ? createMemoryLeases() : undefined;
  const leasesOf = (holder: string) =>
    memoryLeases?.of(holder) ?? createLeaseStore(db, { holder, ttlMs: leaseTtlMs });

  let isScheduled = false;
  const operations = createOperations({
    config,
    metrics,
    checks: {
      database: () => ping(db),
      indexes: () => findMissingIndexes(db),
      agenda: () => (isScheduled ? undefined : 'not started'),
    },
    readStats: () => readStats(db, memoryLeases?.count),
    now: () => clock.now(),
    logger,
  });
  const delivery = createDelivery({
    config,
    name: parts.name,
    stores,
    leasesOf,
    observer,
    scheduler,
    authTest: createAuthTest(createClientWith(toAuthTestOptions(config, timeouts, logger))),
    homeChanged: (teamId, userId) => web.homeChanged(teamId, userId),
    clock,
    random,
    paceMs: parts.paceMs,
    webhookTimeoutMs: timeouts.webhookMs,
    logger,
  });
  const web = createWebApp({ config, stores, delivery, operations, clock, timeouts, logger });

  async function prepare(): Promise<void> {
    if (parts.alone !== undefined) await deleteLeases(db);
    await stores.load();
    await delivery.prepare();
    isScheduled = true;
  }
  const { isNewDatabase = false } = parts;
  return {
    settings: delivery.settings,
    installationStore: delivery.removals.installationStore,
    connections: delivery.connections,
    ...createLifecycle({ config, operations, delivery, web, scheduler, isNewDatabase, prepare }),
  };
}

function toAuthTestOptions(config: Config, timeouts: SlackTimeouts, logger: Logger) {
  const fetch = createFetchWithTimeout();
  return toWebClientOptions({ config, timeouts, fetch, logger: boltLogger(logger, () => false) });
}

function createLifecycle(parts: {
  config: Config;
  operations: ReturnType<typeof createOperations>;
  delivery: ReturnType<typeof createDelivery>;
  web: ReturnType<typeof createWebApp>;
  scheduler: Scheduler | undefined;
  isNewDatabase: boolean;
  prepare: () => Promise<void>;
}): Pick<PerlyForSlack, 'start' | 'drain' | 'stop'> {
  const { config, operations, delivery, web, scheduler } = parts;
  const server = createHttpServer(web.listener);
  const drain = () => operations.setPhase('stopping');

  let stopped: Promise<void> | undefined;
  async function stop(): Promise<void> {
    await Promise.all([server.close(), scheduler?.stop()]);
    await web.stop();
    await delivery.stop();
    // Closed last, so that the shutdown can be observed.
    await operations.close();
  }

  return {
    async start() {
      await operations.listen();
      await parts.prepare();
      const port = await server.listen(config.port, config.host);
      await delivery.start(parts.isNewDatabase);
      operations.setPhase('ready');
      return port;
    },
    drain,
    stop() {
      drain();
      stopped ??= stop();
      return stopped;
    },
  };
}
