import type { Db } from 'mongodb';
import { expect, test } from 'vitest';
import { setupApp } from '../../support/setup-app.ts';

const installed = setupApp();
const seeded = setupApp();
const collections = ['installations', 'channels', 'links', 'audit', 'insiders'];

/** Without what differs from one install to the next. */
const plain = (document: object) =>
  JSON.stringify(document, (key, value) =>
    /^\d{4}-\d\d-\d\dT|^v1\.|^https?:|^[\da-f]{24}$/.test(value) ||
    (/^(?:id|_id|userId)$/.test(key) && /^[BU]|-/.test(value))
      ? '…'
      : value,
  );

async function listDocuments(db: Db): Promise<string[]> {
  const all = await Promise.all(
    collections.map(async (name) =>
      (await db.collection(name).find().toArray()).map((document) => `${name} ${plain(document)}`),
    ),
  );
  return all.flat().sort();
}

test.each(['acct_demo', undefined])(
  'a seeded channel of %s leaves what an install leaves',
  async (account) => {
    await installed.running.connect('#customer-health', account);
    await seeded.running.seedChannel('#customer-health', account);
    const documents = await listDocuments(installed.running.db);
    expect(documents.length).toBeGreaterThanOrEqual(account === undefined ? 4 : 5);
    await expect.poll(() => listDocuments(seeded.running.db)).toEqual(documents);
  },
);
