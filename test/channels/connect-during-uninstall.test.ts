import { beforeEach, describe, expect, test, vi } from 'vitest';
import { linkedPath } from '../../src/slack/install/link-route.ts';
import { type Browser, openBrowser } from '../support/browser.ts';
import { failCollection } from '../support/fail-database.ts';
import { beginInBrowser, connectInBrowser, returnFromPerly } from '../support/linking.ts';
import { onWrite } from '../support/on-write.ts';
import { setupApp } from '../support/setup-app.ts';
import { slackLinksOf } from '../support/slack-links-of.ts';
import { startTestApp } from '../support/test-app.ts';

const team = 'T0ACMECS001';
const dana = { teamId: team, userId: 'U0DANA00001' };
const health = `${team}:C0HEALTH001`;

const app = setupApp();
let browser: Browser;
beforeEach(() => {
  browser = openBrowser();
});

const slackLinks = () => slackLinksOf(app.running);
const count = (collection: string) =>
  app.running.db.collection(collection).countDocuments({ accountId: 'acct_a' });
const left = async () => ({ channels: await count('channels'), links: await count('links') });
const nothing = { channels: 0, links: 0 };
const api = () => app.running.perly.api('acct_a');
const deleteAccount = () => api()('delete', '/perly/accounts/acct_a');
const ofTeam = (collection: string, filter = {}) =>
  app.running.db.collection(collection).countDocuments({ teamId: team, ...filter });
async function uninstall(): Promise<void> {
  await app.running.slack.uninstall(team);
  await expect.poll(() => ofTeam('installations')).toBe(0);
}
async function expectUninstalled(): Promise<void> {
  expect(await ofTeam('channels', { status: { $ne: 'disconnected' } })).toBe(0);
  expect(await ofTeam('channels', { webhookUrl: { $exists: true } })).toBe(0);
  expect(await ofTeam('channels', { expiresAt: null })).toBe(0);
  expect(await left()).toEqual(nothing);
}
const unlink = () => api()('delete', `/perly/links/${team}`);

/** Ways to start serving an account; `interrupt` runs right before the decisive write. */
const ways = {
  async 'connecting from Perly'(interrupt: () => Promise<unknown>) {
    const url = await app.running.perly.installUrl('acct_a');
    const hasRun = onWrite('channels', 'findOneAndUpdate', interrupt);
    await app.running.slack.install(url, { channel: '#customer-health' });
    return hasRun();
  },
  async linking(interrupt: () => Promise<unknown>) {
    const page = await connectInBrowser(app.running, browser);
    const state = await beginInBrowser(browser, page);
    const hasRun = onWrite('channels', 'findOneAndUpdate', interrupt);
    await returnFromPerly(app.running, browser, { state, accountId: 'acct_a' });
    return hasRun();
  },
  async 'adding a channel in Slack'(interrupt: () => Promise<unknown>) {
    await app.running.seedChannel('#customer-health', 'acct_a');
    const url = await slackLinks().addChannel(dana, 'acct_a');
    const hasRun = onWrite('channels', 'findOneAndUpdate', interrupt);
    await app.running.slack.install(url, { channel: '#billing-alerts', user: 'Dana Reyes' });
    return hasRun();
  },
  async moving(interrupt: () => Promise<unknown>) {
    await app.running.seedChannel('#customer-health', 'acct_a');
    const url = await slackLinks().move(dana, health);
    const hasRun = onWrite('channels', 'findOneAndUpdate', interrupt);
    await app.running.slack.install(url, { channel: '#billing-alerts', user: 'Dana Reyes' });
    return hasRun();
  },
};

describe.each(Object.entries(ways))('%s', (_, go) => {
  test('leaves nothing of an account that is deleted at the same time', async () => {
    expect(await go(deleteAccount)).toBe(true);
    expect(await left()).toEqual(nothing);
  });

  test('leaves nothing to an account that is unlinked at the same time', async () => {
    expect(await go(unlink)).toBe(true);
    expect(await left()).toEqual(nothing);
  });

  test('leaves nothing of a workspace that removes the app at the same time', async () => {
    expect(await go(uninstall)).toBe(true);
    await expectUninstalled();
  });

  test('leaves nothing of it even if the process dies then', async () => {
    const die = async () => {
      await uninstall();
      failCollection('installations');
    };
    expect(await go(die)).toBe(true);
    vi.restoreAllMocks();
    const next = await startTestApp({ beside: app.running });
    await expectUninstalled();
    await next.close();
  });
});

test('a page says that the workspace removed the app while a channel was being connected', async () => {
  const url = await app.running.perly.installUrl('acct_a');
  onWrite('channels', 'findOneAndUpdate', uninstall);
  const page = await app.running.slack.install(url, { channel: '#customer-health' });
  expect(page.status).toBe(409);
  expect(await page.text()).toContain('no longer in this workspace');
});

test('tokens signed before an account was deleted connect and link nothing for it', async () => {
  const page = await connectInBrowser(app.running, browser);
  const state = await beginInBrowser(browser, page);
  const install = await app.running.perly.installUrl('acct_a');
  const token = await app.running.perly.connectToken('acct_a', { state });
  await deleteAccount();
  expect((await browser.get(`${app.running.url}${linkedPath}?token=${token}`)).status).toBe(403);
  expect((await app.running.slack.install(install, { channel: '#billing-alerts' })).status).toBe(403);
  expect(await left()).toEqual(nothing);
});

test('recovery ends an unlink whose process died between its writes', async () => {
  await app.running.seedChannel('#customer-health', 'acct_a');
  onWrite('channels', 'findOneAndUpdate', async () => {
    throw new Error('The process is dead.');
  });
  expect((await unlink()).status).toBeGreaterThanOrEqual(500);
  vi.restoreAllMocks();
  expect(await count('channels')).toBe(1);
  const next = await startTestApp({ beside: app.running });
  expect(await left()).toEqual(nothing);
  expect(await ofTeam('channels', { accountId: null, status: 'active' })).toBe(1);
  await next.close();
});

test('a link that activates no channel is not kept', async () => {
  const page = await connectInBrowser(app.running, browser);
  const state = await beginInBrowser(browser, page);
  onWrite('links', 'updateOne', () =>
    app.running.db
      .collection<{ _id: string }>('channels')
      .updateOne({ _id: health }, { $set: { accountId: 'acct_b' } }),
  );
  expect((await returnFromPerly(app.running, browser, { state, accountId: 'acct_a' })).status).toBe(409);
  expect(await left()).toEqual(nothing);
});

test('a channel is linked while no other process can send to it', async () => {
  const page = await connectInBrowser(app.running, browser);
  const state = await beginInBrowser(browser, page);
  const leases = app.running.db.collection<{ _id: string }>('leases');
  await expect.poll(() => leases.countDocuments()).toBe(0);
  let leased = 0;
  onWrite('channels', 'findOneAndUpdate', async () => {
    leased = await leases.countDocuments({ _id: health });
  });
  expect((await returnFromPerly(app.running, browser, { state, accountId: 'acct_a' })).status).toBe(200);
  expect(leased).toBe(1);
});
