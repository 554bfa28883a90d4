import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTestDatabase } from '../../packages/embedded-mongo/test/support/open-test-database.ts';
import { uriOf } from '../../sandbox/database-uri.ts';
import { findFreePort, localEnvironment } from '../../sandbox/local-environment.ts';
import { createPerlyClient, type PerlyClient, perlySecretsOf } from '../../sandbox/perly/client.ts';
import { type LocalSlack, startLocalSlack } from '../../sandbox/slack/local-slack.ts';
import { readConfig } from '../../src/config.ts';
import { killLeftovers, startAppProcess } from '../support/app-process.ts';
import { customersIn, eventOf } from '../support/named-events.ts';

let slack: LocalSlack;
let env: Record<string, string>;
let perly: PerlyClient;
beforeEach(async () => {
  slack = await startLocalSlack({ answerTimeoutMs: 60_000 });
  env = localEnvironment(await findFreePort(), slack);
  perly = createPerlyClient(env.APP_URL ?? '', perlySecretsOf(readConfig(env)));
});
afterEach(async () => {
  await killLeftovers();
  await slack.close();
});

/** Leaves two alerts unsent when the process has stopped: Slack accepts nothing meanwhile. */
async function leaveAlertsBehind(database: Record<string, string>): Promise<void> {
  const app = await startAppProcess({ ...env, ...database });
  await slack.install(await perly.installUrl('acct_demo'), { channel: '#customer-health' });
  const outage = slack.failWebhook('#customer-health', { status: 503 });
  const asked = outage.nextHit();
  for (const name of ['One', 'Two']) expect((await perly.post(eventOf(name))).status).toBe(202);
  await asked;
  expect(await app.terminate()).toBe(0);
  slack.clearFaults();
}

/** The alerts arrive once, their events are known, and the channel works without another install. */
async function expectRestored(database: Record<string, string>): Promise<void> {
  const app = await startAppProcess({ ...env, ...database });
  await slack.waitForMessages(() => customersIn(slack).length >= 2);
  expect((await perly.post(eventOf('One'))).status).toBe(202);
  expect((await perly.post(eventOf('Three'))).status).toBe(202);
  await slack.waitForMessages(() => customersIn(slack).includes('Three'));
  expect(customersIn(slack)).toEqual(['One', 'Two', 'Three']);
  expect(await app.terminate()).toBe(0);
}

test('a copy of the stopped embedded database has everything, also the alerts that wait', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'perly-backup-'));
  const original = join(folder, 'data');
  const backup = join(folder, 'backup');
  await leaveAlertsBehind({ DATA_DIR: original });
  await cp(original, backup, { recursive: true });
  await rm(original, { recursive: true });
  await cp(backup, original, { recursive: true });
  await expectRestored({ DATA_DIR: original });
  await rm(folder, { recursive: true });
});

test('the documents alone, restored into an empty database, are a backup: the app makes the indexes', async () => {
  const original = await openTestDatabase();
  const restored = await openTestDatabase();
  const at = ({ db, uri }: typeof original) => ({ MONGODB_URI: uriOf(uri, db.databaseName) });
  await leaveAlertsBehind(at(original));
  for (const { name } of await original.db.listCollections({}, { nameOnly: true }).toArray()) {
    const documents = await original.db.collection(name).find({}, { promoteValues: false }).toArray();
    if (documents.length > 0) await restored.db.collection(name).insertMany(documents);
  }
  await original.close();
  await expectRestored(at(restored));
  await restored.close();
});
