import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createApp } from './app/create-app.ts';
import { listSecrets, readConfig } from './config.ts';
import { createScheduler } from './delivery/scheduler.ts';
import { prepareTimeZones } from './domain/time-zones.ts';
import { toFailureText } from './ops/failure-text.ts';
import { createProcessLogger } from './ops/log.ts';
import { logStart } from './ops/log-start.ts';
import { collectProcessMetrics, createMetrics } from './ops/metrics.ts';
import { openDatabase } from './store/database.ts';
import { startEmbedded } from './store/embedded.ts';
import { watchWrites } from './store/watch-writes.ts';

/** Called when an orchestrator ends the process, rather than a person. */
let drain = async () => {};

const opened: (() => Promise<void>)[] = [];

let secrets: readonly string[] = [];

async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile();
  const config = readConfig(process.env);
  secrets = listSecrets(config);
  const logger = createProcessLogger({ level: config.logLevel, secrets });
  logStart(config, process.versions, new Date(), logger);
  // This is registered before anything opens, so that a signal during the start does not cut it off.
  stopOnSignals(logger);

  const isEmbedded = config.mongodbUri === undefined;
  const database = await openDatabase(config.mongodbUri ?? (await openEmbedded(config.dataDir, logger)));
  opened.push(database.close);
  if (database.upgrade !== undefined) logger.info(database.upgrade, 'upgraded the database');
  const name = `${hostname()} ${process.pid} ${randomUUID()}`;
  const scheduler = createScheduler({ db: database.db, name, logger });
  const metrics = createMetrics();
  collectProcessMetrics(metrics);
  const { db, writes: alone } = isEmbedded
    ? watchWrites(database.db)
    : { db: database.db, writes: undefined };
  const app = createApp({
    config,
    db,
    name,
    alone,
    isNewDatabase: database.isNew,
    scheduler,
    metrics,
    logger,
  });
  opened.push(app.stop);
  drain = async () => {
    app.drain();
    await wait(config.stopGraceMs);
  };
  const port = await app.start();
  logger.info({ port, appUrl: config.appUrl }, 'Perly for Slack is listening');
  await prepareTimeZones();
}

async function openEmbedded(dataDir: string, logger: Logger): Promise<string> {
  const store = await startEmbedded(dataDir);
  opened.push(store.close);
  logger.warn(
    { dataDir },
    'MONGODB_URI is not set: using the embedded database, for trying and for small installations with one process',
  );
  return store.uri;
}

/** The first signal closes everything and exits with 0; a second one exits at once. */
function stopOnSignals(logger: Logger): void {
  let isStopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    logger.info({ signal }, 'stopping');
    if (signal === 'SIGTERM') await drain();
    for (const close of opened.reverse()) await close();
    logger.info('stopped');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (isStopping) process.exit(1);
      isStopping = true;
      stop(signal).catch(fail);
    });
}

function fail(error: unknown): void {
  console.error(toFailureText(error, secrets));
  process.exit(1);
}

main().catch(fail);
