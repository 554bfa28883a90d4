import { existsSync } from 'node:fs';
import { listSecrets, readConfig } from '../config.ts';
import { toFailureText } from '../ops/failure-text.ts';
import { createKeyring } from '../store/keyring.ts';
import { reencryptAll } from '../store/reencrypt.ts';
import { explainReencrypted } from './explain-reencrypted.ts';
import { withDatabase } from './with-database.ts';

let secrets: readonly string[] = [];

async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile();
  // The settings of the app, since this runs beside it.
  const config = readConfig(process.env);
  secrets = listSecrets(config);
  await withDatabase(config, async (db) => {
    const done = await reencryptAll(db, createKeyring(config.appSecrets));
    process.stdout.write(`${explainReencrypted(done)}\n`);
    if (done.some(({ undecryptable }) => undecryptable.length > 0)) process.exitCode = 1;
  });
}

main().catch((error: unknown) => {
  console.error(toFailureText(error, secrets));
  process.exitCode = 1;
});
