import { expect, test, vi } from 'vitest';
import { defaultRules } from '../../src/domain/rules.ts';
import { createChannelStore } from '../../src/store/channels/store.ts';
import { createKeyring } from '../../src/store/keyring.ts';
import { failWrites, type Write } from '../support/fail-writes.ts';
import { byDana, dana, health, ignoreErrors, setupNotifiedApp } from '../support/notified-app.ts';

const app = setupNotifiedApp();
const rules = { ...defaultRules, scoreDeltaMinimum: 5 };
const changeRules = () => app.running.app.settings.changeRules(health, 1, rules, dana);

test.each<Write[][]>([
  [['audit']],
  [['outgoingWebhooks']],
  [['markPublished']],
  [['audit', 'markPublished']],
])('if %j was cut off, everything is published exactly once', async (writes) => {
  await app.arrange(app.seedChannel);
  const hits = failWrites(...writes);
  await ignoreErrors(changeRules);
  await expect.poll(hits).toBeGreaterThan(0);
  await expect.poll(app.outbox).toBe(0);
  await app.restart();
  await app.restart();
  expect(await app.listAudit()).toMatchObject([byDana('rules_changed')]);
  expect(app.receivedWebhooks()).toEqual([`rules_changed #customer-health acct_demo ${dana.userId}`]);
  expect(await app.unpublished()).toBe(0);
});

test('a later change is published after it, whoever makes it', async () => {
  await app.arrange(app.seedChannel);
  failWrites('audit', 'outgoingWebhooks');
  await ignoreErrors(changeRules);
  vi.restoreAllMocks();
  await app.running.app.settings.disconnect(health, dana);
  const expected = ['rules_changed', 'disconnected'];
  await expect
    .poll(app.receivedWebhooks)
    .toEqual(expected.map((type) => `${type} #customer-health acct_demo ${dana.userId}`));
  expect(await app.listAudit()).toMatchObject(expected.map((action) => byDana(action)));
});

test('an account that is deleted leaves nothing to publish', async () => {
  await app.arrange(app.seedChannel);
  failWrites('audit', 'outgoingWebhooks');
  await ignoreErrors(changeRules);
  await ignoreErrors(() => app.running.app.settings.disconnect(health, dana));
  vi.restoreAllMocks();
  await app.running.perly.api('acct_demo')('delete', '/perly/accounts/acct_demo');
  await app.restart();
  expect([await app.listAudit(), app.receivedWebhooks()]).toEqual([[], []]);
  expect(await app.running.db.collection('channels').countDocuments()).toBe(0);
});

test('deleting an account leaves a channel that serves another one', async () => {
  await app.arrange(app.seedChannel);
  failWrites('audit', 'outgoingWebhooks');
  await ignoreErrors(() => app.running.perly.api('acct_demo')('delete', '/perly/links/T0ACMECS001'));
  vi.restoreAllMocks();
  await app.running.perly.api('acct_demo')('delete', '/perly/accounts/acct_demo');
  await app.restart();
  expect([await app.listAudit(), app.receivedWebhooks()]).toEqual([[], []]);
  const left = await app.running.db.collection('channels').find().toArray();
  expect(left).toMatchObject([{ _id: health, accountId: null, status: 'active' }]);
  expect(JSON.stringify(left)).not.toContain('acct_demo');
});

test('nobody who reads the channel sees its outbox', async () => {
  await app.arrange(app.seedChannel);
  failWrites('audit', 'outgoingWebhooks');
  await ignoreErrors(changeRules);
  const { body } = await app.running.perly.api('acct_demo')('get', `/perly/channels/${health}`);
  expect(Object.keys(body as object)).not.toContain('outbox');
  const store = createChannelStore(app.running.db, createKeyring(app.running.config.appSecrets));
  expect(await store.find(health)).not.toHaveProperty('outbox');
  expect((await store.listByAccounts(['acct_demo']))[0]).not.toHaveProperty('outbox');
  vi.restoreAllMocks();
  expect(await app.running.app.settings.pause(health, 'until_resumed', dana)).not.toHaveProperty(
    'channel.outbox',
  );
});

test('a channel of an older version is changed and published like any other', async () => {
  await app.arrange(app.seedChannel);
  const newer = { version: '', rulesEpoch: '', outbox: '', needsReevaluation: '', expiresAt: '' };
  await app.running.db.collection('channels').updateMany({}, { $unset: newer });
  await app.running.app.settings.disconnect(health, dana);
  await expect.poll(app.receivedWebhooks).toEqual([`disconnected #customer-health acct_demo ${dana.userId}`]);
  await app.connect();
  await expect.poll(app.receivedWebhooks).toHaveLength(2);
  expect(await app.listAudit()).toMatchObject([byDana('disconnected'), byDana('reconnected')]);
});
