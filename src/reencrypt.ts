import { existsSync } from 'node:fs';
import { readConfig } from './config.ts';
import { AppError } from './errors.ts';
import { explainResealed } from './ops/explain-resealed.ts';
import { createKeyring } from './store/keyring.ts';
import { reseal } from './store/reseal.ts';
import { withDatabase } from './store/with-database.ts';

/** The operators' tool that encrypts tokens and webhook URLs anew with the newest of APP_SECRETS. */
async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile();
  // A process of its own, with the app's settings: the environment is read here as main.ts reads it.
  const config = readConfig(process.env);
  await withDatabase(config, async (db) => {
    const done = await reseal(db, createKeyring(config.appSecrets));
    process.stdout.write(`${explainResealed(done)}\n`);
    if (done.some(({ unreadable }) => unreadable.length > 0)) process.exitCode = 1;
  });
}

main().catch((error: unknown) => {
  console.error(error instanceof AppError ? error.message : error);
  process.exitCode = 1;
});
