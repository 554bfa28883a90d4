import { describe, expect, test, vi } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { holdLease } from '../support/hold-lease.ts';
import { beginInBrowser, connectInBrowser, returnFromPerly } from '../support/linking.ts';
import { onWrite } from '../support/on-write.ts';
import { setupApp } from '../support/setup-app.ts';

const team = 'T0ACMECS001';
const health = `${team}:C0HEALTH001`;

const app = setupApp();

const unlink = async () => (await app.running.perly.api('acct_a')('delete', `/perly/links/${team}`)).status;
const channels = () => app.running.db.collection('channels');
const links = () => app.running.db.collection('links');

async function served(): Promise<string[]> {
  const found = await channels().find({ accountId: 'acct_a', status: 'active' }).sort({ name: 1 }).toArray();
  return found.map(({ name }) => name);
}

/** An unlink of two channels that waits for a sender of the first, while the second is done. */
async function startUnlinking() {
  await app.running.seedChannel('#customer-health', 'acct_a');
  await app.running.seedChannel('#billing-alerts', 'acct_a');
  const release = await holdLease(app.running.db, health);
  const unlinking = unlink();
  await expect.poll(served).toEqual(['#customer-health']);
  return { release, unlinking };
}

describe('an account that is linked again while it is still being unlinked', () => {
  test('gets all channels that the person manages', async () => {
    const browser = openBrowser();
    const { release, unlinking } = await startUnlinking();
    const page = await connectInBrowser(app.running, browser, { channel: '#cs-escalations' });
    const state = await beginInBrowser(browser, page);
    const linking = returnFromPerly(app.running, browser, { state, accountId: 'acct_a' });
    await release();
    expect((await linking).status).toBe(200);
    expect(await unlinking).toBe(204);
    expect(await served()).toEqual(['#billing-alerts', '#cs-escalations', '#customer-health']);
    expect(await links().find().toArray()).toMatchObject([{ accountId: 'acct_a' }]);
    expect(await links().countDocuments({ unlinkedBy: { $exists: true } })).toBe(0);
  });

  test.each(['#customer-health', '#billing-alerts'])('keeps %s, which it connects again', async (channel) => {
    const { release, unlinking } = await startUnlinking();
    const connecting = app.running.connect(channel, 'acct_a');
    await release();
    expect((await connecting).status).toBe(200);
    expect(await unlinking).toBe(204);
    expect(await served()).toEqual([channel]);
    expect(await links().countDocuments({ unlinkedBy: { $exists: false } })).toBe(1);
  });

  test('is linked again after a process died in the middle', async () => {
    const browser = openBrowser();
    const page = await connectInBrowser(app.running, browser, { channel: '#cs-escalations' });
    await app.running.seedChannel('#customer-health', 'acct_a');
    onWrite('channels', 'findOneAndUpdate', async () => {
      throw new Error('The process is dead.');
    });
    expect(await unlink()).toBe(500);
    vi.restoreAllMocks();
    const state = await beginInBrowser(browser, page);
    expect((await returnFromPerly(app.running, browser, { state, accountId: 'acct_a' })).status).toBe(200);
    expect(await served()).toEqual(['#cs-escalations', '#customer-health']);
    expect(await links().countDocuments()).toBe(1);
  });
});

test('two requests to unlink at the same time leave nothing', async () => {
  await app.running.seedChannel('#customer-health', 'acct_a');
  await app.running.seedChannel('#billing-alerts', 'acct_a');
  expect(new Set(await Promise.all([unlink(), unlink()]))).toContain(204);
  expect(await served()).toEqual([]);
  expect(await links().countDocuments()).toBe(0);
  expect(await unlink()).toBe(404);
});

test('a channel is disconnected while nobody else can be sending to it', async () => {
  await app.running.seedChannel('#customer-health', 'acct_a');
  const leases = app.running.db.collection<{ _id: string }>('leases');
  await expect.poll(() => leases.countDocuments()).toBe(0);
  let leased = 0;
  onWrite('channels', 'findOneAndUpdate', async () => {
    leased = await leases.countDocuments({ _id: health });
  });
  const { status } = await app.running.perly.api('acct_a')('delete', `/perly/channels/${health}`);
  expect(status).toBe(204);
  expect(leased).toBe(1);
});

test.each([
  ['in the channel', 'after'],
  ['refused', 'before'],
] as const)('a test alert that is %s after the app was removed leaves nothing', async (_, hang) => {
  await app.running.seedChannel('#customer-health', 'acct_a');
  await expect.poll(() => app.running.db.collection('leases').countDocuments()).toBe(0);
  const fault = app.running.slack.failWebhook('#customer-health', { hang });
  const hit = fault.nextHit();
  const asked = app.running.perly.api('acct_a')('post', `/perly/channels/${health}/test-alert`);
  await hit;
  await app.running.slack.uninstall(team);
  await expect.poll(() => app.running.db.collection('installations').countDocuments()).toBe(0);
  const left = await channels().findOne();
  fault.release();
  expect((await asked).status).toBe(200);
  expect(await channels().findOne()).toEqual({ ...left, outbox: [] });
  expect(left).toMatchObject({ status: 'disconnected', accountId: null });
});
