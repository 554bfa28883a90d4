import type { Installation } from '@slack/oauth';
import { expect, test } from 'vitest';
import { createInstallationStore } from '../../src/store/installations.ts';
import { createKeyring, isUndecryptable } from '../../src/store/keyring.ts';
import { setupDatabase } from '../support/setup-database.ts';

const database = setupDatabase();

const installation = (token: string): Installation => ({
  team: { id: 'T1' },
  enterprise: undefined,
  user: { id: 'U1', token: undefined, scopes: undefined },
  bot: { id: 'B1', userId: 'U2', token, scopes: ['incoming-webhook'] },
});

test('the token of an earlier installation of the workspace is not opened in place of the newest', async () => {
  const store = createInstallationStore(database.db, createKeyring([Buffer.alloc(32, 1)]));
  const installations = database.db.collection<{ _id: string }>('installations');
  const at = (hour: number) => new Date(Date.UTC(2026, 10, 2, hour));
  await store.save(installation('first'), at(1), at(24));
  const earlier = await installations.findOne({ _id: 'T1' }, { projection: { bot: 1 } });
  await store.save(installation('second'), at(2), at(24));
  expect((await store.findBot('T1'))?.openToken()).toBe('second');
  await installations.updateOne({ _id: 'T1' }, { $set: { bot: (earlier as { bot?: object } | null)?.bot } });
  const found = await store.findBot('T1');
  const open = () => {
    try {
      return found?.openToken();
    } catch (error) {
      return isUndecryptable(error);
    }
  };
  expect(open()).toBe(true);
});
