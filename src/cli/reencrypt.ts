import { existsSync } from 'node:fs';
import { readConfig } from '../config.ts';
import { AppError } from '../lib/errors.ts';
import { createKeyring } from '../store/keyring.ts';
import { reencryptAll } from '../store/reencrypt.ts';
import { explainReencrypted } from './explain-reencrypted.ts';
import { withDatabase } from './with-database.ts';

async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile();
  // The settings of the app, since this runs beside it.
  const config = readConfig(process.env);
  await withDatabase(config, async (db) => {
    const done = await reencryptAll(db, createKeyring(config.appSecrets));
    process.stdout.write(`${explainReencrypted(done)}\n`);
    if (done.some(({ undecryptable }) => undecryptable.length > 0)) process.exitCode = 1;
  });
}

main().catch((error: unknown) => {
  console.error(error instanceof AppError ? error.message : error);
  process.exitCode = 1;
});
