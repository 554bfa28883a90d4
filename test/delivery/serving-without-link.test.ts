import { Collection } from 'mongodb';
import { expect, onTestFinished, test, vi } from 'vitest';
import { customersIn, eventOf } from '../support/named-events.ts';
import { onWrite } from '../support/on-write.ts';
import { setupApp } from '../support/setup-app.ts';
import { slackLinksOf } from '../support/slack-links-of.ts';
import { shortPaceMs, startTestApp } from '../support/test-app.ts';

const team = 'T0ACMECS001';
const dana = { teamId: team, userId: 'U0DANA00001' };
const health = `${team}:C0HEALTH001`;
const billing = `${team}:C0BILLING01`;

const app = setupApp();

const slackLinks = () => slackLinksOf(app.running);
const channel = (_id: string) =>
  app.running.db.collection<{ _id: string; status: string }>('channels').findOne({ _id });
const links = () => app.running.db.collection('links');
const pick = (link: string, name: string) =>
  app.running.slack.install(link, { channel: name, user: 'Dana Reyes' });
const unlink = () => app.running.perly.api('acct_a')('delete', `/perly/links/${team}`);

/** As another process does when it starts. */
async function recover(): Promise<void> {
  await (await startTestApp({ beside: app.running })).close();
}

test('no crash while a channel is connected leaves it serving an account without a link', async () => {
  const url = await app.running.perly.installUrl('acct_a');
  const hasRun = onWrite('links', 'updateOne', async () => {
    throw new Error('The process is dead.');
  });
  expect((await app.running.slack.install(url, { channel: '#customer-health' })).status).toBe(500);
  expect(hasRun()).toBe(true);
  expect(await app.running.db.collection('channels').countDocuments({ accountId: 'acct_a' })).toBe(0);
});

test('a link that was created for a refused channel is not kept', async () => {
  await app.running.seedChannel('#customer-health', 'acct_b');
  const url = await app.running.perly.installUrl('acct_a');
  onWrite('links', 'updateOne', () => app.running.connect('#billing-alerts', 'acct_b'));
  expect((await app.running.slack.install(url, { channel: '#billing-alerts' })).status).toBe(409);
  expect(await links().countDocuments({ accountId: 'acct_a' })).toBe(0);
});

test.each(['reconnect', 'move'] as const)(
  'a channel that serves without a link continues after a %s',
  async (intent) => {
    await app.running.seedChannel('#customer-health', 'acct_a');
    await links().deleteMany({});
    const link = await slackLinks()[intent](dana, health);
    const at = intent === 'move' ? billing : health;
    expect((await pick(link, intent === 'move' ? '#billing-alerts' : '#customer-health')).status).toBe(200);
    expect(await channel(at)).toMatchObject({ accountId: 'acct_a', status: 'active' });
  },
);

test('reconnecting a channel that is unlinked at the same time leaves it waiting', async () => {
  await app.running.seedChannel('#customer-health', 'acct_a');
  const link = await slackLinks().reconnect(dana, health);
  const hasRun = onWrite('channels', 'findOneAndUpdate', unlink);
  expect((await pick(link, '#customer-health')).status).toBe(200);
  expect(hasRun()).toBe(true);
  expect(await channel(health)).toMatchObject({ accountId: null, status: 'active' });
});

test('another channel that is chosen for a reconnect waits unless the account is linked', async () => {
  await app.running.seedChannel('#customer-health', 'acct_a');
  await links().deleteMany({});
  await pick(await slackLinks().reconnect(dana, health), '#billing-alerts');
  expect(await channel(billing)).toMatchObject({ accountId: null, status: 'active' });
  expect(await channel(health)).toMatchObject({ accountId: 'acct_a' });
});

test('a slow clean-up deletes nothing of the next installation', async () => {
  const stopped = await startTestApp({ shared: true, paceMs: shortPaceMs, slack: { enforceRate: false } });
  onTestFinished(() => stopped.close());
  const { db, slack } = stopped;
  await stopped.seedChannel('#customer-health', 'acct_a');
  const { deleteMany } = Collection.prototype;
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  let isHeld = false;
  vi.spyOn(Collection.prototype, 'deleteMany').mockImplementation(async function (this: Collection, ...args) {
    if (!isHeld && this.collectionName === 'links') {
      isHeld = true;
      await gate;
    }
    return deleteMany.apply(this, args);
  });
  await slack.uninstall(team);
  await expect.poll(() => isHeld).toBe(true);
  expect((await stopped.connect('#customer-health', 'acct_a')).status).toBe(200);
  await slack.openHome('dana');
  await expect.poll(() => db.collection('homeViewers').countDocuments()).toBe(1);
  release();
  await stopped.app.stop();
  expect(await db.collection('links').countDocuments({ accountId: 'acct_a' })).toBe(1);
  for (const kept of ['homeViewers', 'insiders']) expect(await db.collection(kept).countDocuments()).toBe(1);
  expect(await db.collection<{ _id: string }>('channels').findOne({ _id: health })).toMatchObject({
    accountId: 'acct_a',
    status: 'active',
  });
});

test('a move that meets an unlink and a crash leaves the new channel waiting', async () => {
  await app.running.seedChannel('#customer-health', 'acct_a');
  const link = await slackLinks().move(dana, health);
  const { findOneAndUpdate } = Collection.prototype;
  let state: 'alive' | 'unlinking' | 'dead' = 'alive';
  vi.spyOn(Collection.prototype, 'findOneAndUpdate').mockImplementation(async function (
    this: Collection,
    ...args: unknown[]
  ) {
    if (this.collectionName === 'channels' && state === 'dead') throw new Error('The process is dead.');
    if (this.collectionName === 'channels' && state === 'alive') {
      state = 'unlinking';
      await unlink();
      state = 'dead';
    }
    return (findOneAndUpdate as (...args: unknown[]) => unknown).apply(this, args);
  } as never);
  expect((await pick(link, '#billing-alerts')).status).toBe(500);
  vi.restoreAllMocks();
  expect(await channel(billing)).toMatchObject({ accountId: 'acct_a', movedFrom: health });
  await recover();
  expect(await channel(billing)).toMatchObject({ accountId: null, status: 'active' });
  await app.running.perly.post({ ...eventOf('Late'), account_id: 'acct_a' });
  expect(await app.running.db.collection('deliveries').countDocuments()).toBe(0);
});

test('a half-moved channel passes its deliveries on before it is connected again', async () => {
  await app.running.seedChannel('#customer-health', 'acct_a');
  app.running.slack.archiveChannel('#customer-health');
  await app.running.perly.post({ ...eventOf('One'), account_id: 'acct_a' });
  await expect.poll(async () => (await channel(health))?.status).toBe('broken');
  app.running.slack.unarchiveChannel('#customer-health');
  const leases = app.running.db.collection<{ _id: string; holder: string; until: Date }>('leases');
  const lease = { _id: health, holder: 'another', until: new Date('2096-01-01') };
  const readLease = () =>
    leases.insertOne(lease).then(
      () => true,
      () => false,
    );
  await expect.poll(readLease).toBe(true);
  expect((await pick(await slackLinks().move(dana, health), '#billing-alerts')).status).toBe(200);
  expect(await channel(billing)).toMatchObject({ movedFrom: health, ownersVersion: expect.any(String) });
  await leases.deleteOne({ _id: health });

  expect((await app.running.connect('#customer-health', 'acct_b')).status).toBe(200);
  await app.running.slack.waitForMessages(() =>
    customersIn(app.running.slack, '#billing-alerts').includes('One'),
  );
  expect(customersIn(app.running.slack)).toEqual([]);
  expect(await channel(health)).toMatchObject({ accountId: 'acct_b' });
});
