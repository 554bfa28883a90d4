import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDocument } from '../src/bson/read.ts';
import { type Answer, writeDocument } from '../src/bson/write.ts';
import { Engine } from '../src/engine.ts';
import { Executor } from '../src/executor.ts';
import { runMaintenance } from '../src/maintenance.ts';
import { openStorage } from '../src/storage/storage.ts';
import { setupEmbeddedDatabase } from './support/setup-embedded-database.ts';

const database = setupEmbeddedDatabase({ maintenanceIntervalMs: 20 });

test('expired documents are removed, by a date or the earliest of several', async () => {
  const items = database.db.collection('items');
  const past = new Date(Date.now() - 60_000);
  const future = new Date(Date.now() + 3_600_000);
  await items.insertMany([
    { _id: 'past', at: past },
    { _id: 'future', at: future },
    { _id: 'one is past', at: [future, past] },
    { _id: 'all in future', at: [future] },
    { _id: 'no date', at: 'yesterday' },
    { _id: 'missing' },
  ] as never[]);
  await items.createIndex({ at: 1 }, { expireAfterSeconds: 30 });
  const left = async () => (await items.find().sort({ _id: 1 }).toArray()).map(({ _id }) => String(_id));
  await expect.poll(left).toEqual(['all in future', 'future', 'missing', 'no date']);
});

test('a partial TTL index removes only matching documents', async () => {
  const items = database.db.collection('partial');
  const at = new Date(Date.now() - 60_000);
  await items.insertMany([
    { _id: 1, at, done: true },
    { _id: 2, at, done: false },
  ] as never[]);
  await items.createIndex({ at: 1 }, { expireAfterSeconds: 0, partialFilterExpression: { done: true } });
  await expect.poll(async () => (await items.find().toArray()).map(({ _id }) => _id)).toEqual([2]);
});

test('many expired documents are removed in steps, and others are served meanwhile', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'perly-expiry-'));
  const storage = openStorage(folder);
  const engine = new Engine(storage);
  const executor = new Executor(engine);
  const ask = async (command: Answer): Promise<Answer> =>
    executor.execute({
      requestId: 1,
      command: readDocument(writeDocument({ ...command, $db: 'test' })),
      sequences: new Map(),
      isAnswered: true,
      isLegacy: false,
    });
  const at = new Date(0);
  const documents = Array.from({ length: 2000 }, (_, _id) => ({ _id, at }));
  expect(await ask({ insert: 'much', documents })).toMatchObject({ n: 2000 });
  const indexes = [{ key: { at: 1 }, name: 'at', expireAfterSeconds: 0 }];
  expect(await ask({ createIndexes: 'much', indexes })).toMatchObject({ ok: 1 });

  let isSwept = false;
  const maintenance = runMaintenance(engine, executor, new Date(), () => false).finally(() => {
    isSwept = true;
  });
  const counts: number[] = [];
  while (!isSwept) counts.push(Number((await ask({ count: 'much' })).n));
  await maintenance;
  expect(counts).toContain(1000);
  expect(await ask({ count: 'much' })).toMatchObject({ n: 0 });
  await storage.close();
  await rm(folder, { recursive: true });
});
