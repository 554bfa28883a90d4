import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Db, Document } from 'mongodb';
import { expect, test } from 'vitest';
import { createHomeViewerStore } from '../../src/store/home-viewers.ts';
import { createInstallationStore } from '../../src/store/installations.ts';
import { createKeyring } from '../../src/store/keyring.ts';
import { createLinkConfirmationStore } from '../../src/store/link-confirmations.ts';
import { createLinkStore } from '../../src/store/links.ts';
import { createMuteStore } from '../../src/store/mutes.ts';
import { type ChangedOwner, createOwnerUserStore } from '../../src/store/owner-users.ts';
import { createRemovalStore, type Removal } from '../../src/store/removals.ts';
import { setupDatabase } from '../support/setup-database.ts';

const database = setupDatabase();

const at = new Date('2026-11-02T10:00:00Z');
const later = new Date('2096-01-01');
const person = { teamId: 'T1', userId: 'U1' };
const removal: Removal = { kind: 'account', id: 'acct_a', removedAt: at, purgeAt: at };
const unmuted = {
  id: 'change_1',
  teamId: 'T1',
  channelId: 'T1:C1',
  action: 'customer_unmuted',
  actor: null,
  at,
  channel: { accountId: 'acct_a', teamName: null, name: '#a' },
} as const;

const changedOwner = {
  place: { teamId: 'T1', accountId: 'acct_a' },
  ownerId: 'o1',
  outbox: [
    { id: 'change_1', at, actor: { kind: 'account', accountId: 'acct_a' }, before: 'U1', after: null },
  ],
} satisfies ChangedOwner;

/** For each document that a store deletes by id: its collection, the document, and the call that deletes it. */
const deletions: [collection: string, document: Document, remove: (db: Db) => Promise<unknown>][] = [
  [
    'links',
    { _id: '["T1","acct_a"]', lastLinkedAt: at },
    (db) => createLinkStore(db).remove('T1', 'acct_a', at),
  ],
  [
    'links',
    { _id: '["T1","acct_a"]', unlinkedBy: { kind: 'account', accountId: 'acct_a' }, unlinkedAt: at },
    (db) =>
      createLinkStore(db).finishUnlink({
        teamId: 'T1',
        accountId: 'acct_a',
        actor: { kind: 'account', accountId: 'acct_a' },
        at,
      }),
  ],
  [
    'linkConfirmations',
    { _id: 'T1:U1', requestId: 'r1' },
    (db) => createLinkConfirmationStore(db).remove(person, 'r1'),
  ],
  ['homeViewers', { _id: 'T1:U1' }, (db) => createHomeViewerStore(db).remove(person)],
  [
    'removals',
    { _id: '["account","acct_a"]', removedAt: at, purgeAt: at },
    (db) => createRemovalStore(db).remove(removal),
  ],
  [
    'mutes',
    { _id: 'mute', accountId: 'acct_a', until: later, outbox: unmuted },
    (db) => createMuteStore(db).markPublished('mute', unmuted as never),
  ],
  [
    'ownerUsers',
    { _id: '["T1","acct_a","o1"]', userId: null, outbox: [{ id: 'change_1' }] },
    (db) => createOwnerUserStore(db).markPublished(changedOwner),
  ],
  [
    'installations',
    { _id: 'T1', removal: { at, reason: 'app_uninstalled' } },
    (db) =>
      createInstallationStore(db, createKeyring([Buffer.alloc(32)])).finishRemoval({ teamId: 'T1', at }),
  ],
];

test.each(deletions)(
  '%s: what is changed in the same moment is deleted all the same',
  async (name, document, remove) => {
    const collection = database.db.collection<{ _id: string }>(name);
    const left: number[] = [];
    for (let round = 0; round < 20; round++) {
      await collection.insertOne(document as { _id: string });
      const changes = [1, 2, 3].map((change) => collection.updateMany({}, { $set: { change } }));
      await Promise.all([remove(database.db), ...changes]);
      left.push((await collection.deleteMany({})).deletedCount);
    }
    expect(left).toEqual(left.map(() => 0));
  },
);

test('of several requests that delete the same document, one did it', async () => {
  const confirmations = createLinkConfirmationStore(database.db);
  for (let round = 0; round < 10; round++) {
    await confirmations.save({
      ...person,
      teamName: null,
      requestId: 'r1',
      accountId: 'acct_a',
      accountName: null,
      tokenIssuedAt: at,
      askedAt: at,
      expiresAt: later,
    });
    const removed = await Promise.all([1, 2, 3, 4].map(() => confirmations.remove(person, 'r1')));
    expect(removed.filter((isOurs) => isOurs)).toHaveLength(1);
  }
});

test('no other way to delete one document is used', () => {
  const src = fileURLToPath(new URL('../../src/', import.meta.url));
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const users = files.filter((file) =>
    /\.(?:deleteOne|findOneAndDelete)\(/.test(readFileSync(src + file, 'utf8')),
  );
  expect(users).toEqual([]);
});
