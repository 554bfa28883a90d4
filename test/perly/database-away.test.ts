import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EmbeddedMongo } from '../../packages/embedded-mongo/src/embedded-mongo.ts';
import { findFreePort, localEnvironment } from '../../sandbox/local-environment.ts';
import { createPerlyClient, type PerlyClient, perlySecretsOf } from '../../sandbox/perly/client.ts';
import { type LocalSlack, startLocalSlack } from '../../sandbox/slack/local-slack.ts';
import { createApp, type PerlyForSlack } from '../../src/app/create-app.ts';
import { readConfig } from '../../src/config.ts';
import { createLogger } from '../../src/ops/log.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { watchWrites } from '../../src/store/watch-writes.ts';
import { startEmbeddedMongo } from '../support/built-store.ts';
import { sampleEvent } from '../support/sample-events.ts';

let folder: string;
let slack: LocalSlack;
let store: EmbeddedMongo;
let database: Database;
let app: PerlyForSlack;
let perly: PerlyClient;
let url: string;
let logs: string[];
let metricsUrl: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perly-test-'));
  slack = await startLocalSlack({ answerTimeoutMs: 60_000 });
  store = await startEmbeddedMongo({ dataDir: folder });
  const [port, metricsPort] = await Promise.all([findFreePort(), findFreePort()]);
  metricsUrl = `http://127.0.0.1:${metricsPort}`;
  const config = readConfig({ ...localEnvironment(port, slack), METRICS_PORT: String(metricsPort) });
  database = await openDatabase(store.uri);
  logs = [];
  const logger = createLogger({
    level: 'error',
    destination: { write: (line: string) => void logs.push(line) },
  });
  const { db, writes } = watchWrites(database.db);
  app = createApp({ config, db, name: 'test', alone: writes, logger });
  await app.start();
  url = config.appUrl;
  perly = createPerlyClient(url, perlySecretsOf(config));
});
afterEach(async () => {
  await slack.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

test('while the database is unavailable, Perly and people are told to try again', async () => {
  await store.close();
  const posted = await perly.post(sampleEvent('seed-example'));
  expect(posted.status).toBe(503);
  expect(posted.headers.get('retry-after')).toBe('5');
  expect(posted.headers.get('content-type')).toContain('application/problem+json');
  expect(await posted.json()).toMatchObject({ status: 503, type: 'urn:perly-slack:problem:database_away' });

  expect((await perly.eventStatus('acct_demo', 'evt_seed_0001')).status).toBe(503);

  const page = await slack.install(`${url}/slack/install`, { channel: '#customer-health' });
  expect(page.status).toBe(503);
  expect(page.headers.get('retry-after')).toBe('30');
  expect(await page.text()).toContain('We could not save the connection');

  expect((await request(url).get('/healthz')).status).toBe(200);
  const ready = await request(url).get('/readyz');
  expect(ready.status).toBe(503);
  expect(ready.body).toEqual({ status: 'not ready' });
  const { status, text } = await request(metricsUrl).get('/metrics');
  expect(status).toBe(200);
  expect(text).toContain('perly_slack_database_up 0');
  expect(text).not.toMatch(/^perly_slack_held_deliveries/m);

  // Routes that need no database still answer.
  expect((await request(url).get('/nothing')).status).toBe(404);

  // The log names a failed route by its template, since paths contain ids and secrets.
  const failed = logs.map((line) => JSON.parse(line));
  expect(failed.map(({ route }) => route)).toEqual(
    expect.arrayContaining(['/perly/events', '/perly/events/:id']),
  );
  expect(failed.filter(({ path }) => path !== undefined)).toEqual([]);
  expect(logs.join('')).not.toContain('/perly/events/evt_seed_0001');
  await app.stop();
});
