import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { createApp } from './app.ts';
import { readConfig } from './config.ts';
import { createSchedule } from './delivery/schedule.ts';
import { AppError } from './errors.ts';
import { createLogger } from './ops/log.ts';
import { openDatabase } from './store/database.ts';
import { startEmbeddedStore } from './store/embedded/embedded-store.ts';

async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile();
  const config = readConfig(process.env);
  const logger = createLogger({ level: config.logLevel });

  const embedded =
    config.mongodbUri === undefined ? await startEmbeddedStore({ dataDir: config.dataDir }) : undefined;
  if (embedded !== undefined)
    logger.warn(
      { dataDir: config.dataDir },
      'MONGODB_URI is not set: using the embedded store, for trying only',
    );
  const database = await openDatabase(config.mongodbUri ?? embedded?.uri ?? '');
  const name = `${hostname()} ${process.pid} ${randomUUID()}`;
  const app = createApp({
    config,
    db: database.db,
    name,
    alone: embedded !== undefined,
    schedule: createSchedule({ db: database.db, name, logger }),
    logger,
  });
  const port = await app.start();
  logger.info({ port, appUrl: config.appUrl }, 'Perly for Slack is listening');

  const stop = async (signal: NodeJS.Signals) => {
    logger.info({ signal }, 'stopping');
    await app.stop();
    await database.close();
    await embedded?.close();
    logger.info('stopped');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => {
      process.once(signal, () => process.exit(1));
      stop(signal).catch(fail);
    });
}

function fail(error: unknown): void {
  // What the operator can mend is said plainly; anything else comes with its stack.
  console.error(error instanceof AppError ? error.message : error);
  process.exit(1);
}

main().catch(fail);
