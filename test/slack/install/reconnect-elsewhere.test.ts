import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { defaultRules } from '../../../src/domain/rules.ts';
import type { SlackLinks } from '../../../src/slack/install/slack-links.ts';
import type { ChannelDocument } from '../../../src/store/channels/document.ts';
import { openBrowser } from '../../support/browser.ts';
import { emptyDatabase } from '../../support/empty-database.ts';
import { failCollection } from '../../support/fail-database.ts';
import { customersIn, eventOf } from '../../support/named-events.ts';
import { slackLinksOf } from '../../support/slack-links-of.ts';
import { changeRules, shortPaceMs, startTestApp, type TestApp } from '../../support/test-app.ts';
import { whenRecorded } from '../../support/when-recorded.ts';

let running: TestApp;
let links: SlackLinks;
beforeAll(async () => {
  running = await startTestApp({ shared: true, paceMs: shortPaceMs });
  links = slackLinksOf(running);
});
beforeEach(async () => {
  await emptyDatabase(running.db);
  running.slack.unarchiveChannel('#customer-health');
  await running.seedChannel('#customer-health', 'acct_demo');
  await changeRules(running, { riskThreshold: 'high' }, health);
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => running.close());

const dana = { teamId: 'T0ACMECS001', userId: 'U0DANA00001' };
const health = 'T0ACMECS001:C0HEALTH001';
const billing = 'T0ACMECS001:C0BILLING01';

const channel = (_id: string) => running.db.collection<ChannelDocument>('channels').findOne({ _id });
const strict = { ...defaultRules, riskThreshold: 'high' };

async function breakChannel(): Promise<void> {
  running.slack.archiveChannel('#customer-health');
  await running.perly.post({ ...eventOf('Found'), risk_level: 'high' });
  await expect.poll(async () => (await channel(health))?.status).toBe('broken');
}

async function reconnect(name: string, link?: string) {
  const browser = openBrowser();
  const authorizeUrl = await browser.follow(link ?? (await links.reconnect(dana, health)));
  const back = await running.slack.approve(authorizeUrl, { channel: name, user: 'Dana Reyes' });
  const answer = await browser.get(back);
  const [, main = ''] = /<main>(.*)<\/main>/s.exec(await answer.text()) ?? [];
  return { status: answer.status, text: main.replaceAll(/<[^>]*>/g, ' ') };
}

describe('reconnecting a broken channel by choosing another one', () => {
  test('moves its rules, its mutes and what waits for it there, once', async () => {
    const actor = { kind: 'user', ...dana } as const;
    const noise = { id: 'cus_Noise', name: 'Noise' };
    const tenancy = { channelId: health, accountId: 'acct_demo' };
    await running.app.settings.mute(tenancy, noise, new Date('2096-01-01'), actor);
    await breakChannel();
    await running.perly.post({ ...eventOf('Held'), risk_level: 'high' });

    const page = await reconnect('#billing-alerts');
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining('Moved to') });
    expect(await channel(billing)).toMatchObject({
      accountId: 'acct_demo',
      status: 'active',
      rules: strict,
      managers: ['U0DANA00001'],
    });
    expect(await channel(health)).toMatchObject({
      status: 'disconnected',
      accountId: null,
      movedTo: billing,
    });
    // Its webhook works again.
    running.slack.unarchiveChannel('#customer-health');
    for (const name of ['Noise', 'Next']) await running.perly.post({ ...eventOf(name), risk_level: 'high' });
    await expect.poll(() => customersIn(running.slack, '#billing-alerts')).toEqual(['Found', 'Held', 'Next']);
    expect(customersIn(running.slack)).toEqual([]);
  });

  test('is completed by the next process where this one died', async () => {
    await breakChannel();
    await whenRecorded(running.db);
    failCollection('mutes');
    expect((await reconnect('#billing-alerts')).status).toBe(503);
    vi.restoreAllMocks();
    expect(await channel(billing)).toMatchObject({ movedFrom: health, rules: strict });

    const next = await startTestApp({ beside: running });
    await expect.poll(async () => (await channel(billing))?.movedFrom).toBeUndefined();
    await next.close();
    expect(await channel(billing)).toMatchObject({ status: 'active', accountId: 'acct_demo' });
    expect(await channel(health)).toMatchObject({ status: 'disconnected', movedTo: billing });
  });

  test.each(['reconnect', 'move'] as const)(
    'is completed by the same person with %s if it was cut short, with the webhook that was granted last',
    async (intent) => {
      await breakChannel();
      await running.perly.post({ ...eventOf(`By${intent}`), risk_level: 'high' });
      await whenRecorded(running.db);
      failCollection('mutes');
      expect((await reconnect('#billing-alerts')).status).toBe(503);
      vi.restoreAllMocks();
      running.slack.revokeWebhooks('#billing-alerts');

      const page = await reconnect('#billing-alerts', await links[intent](dana, health));
      expect(page).toMatchObject({ status: 200, text: expect.stringContaining('Moved to') });
      expect(await channel(billing)).not.toHaveProperty('movedFrom');
      expect(await channel(billing)).toMatchObject({ accountId: 'acct_demo', rules: strict });
      expect(await channel(health)).toMatchObject({ status: 'disconnected', movedTo: billing });
      await expect.poll(() => customersIn(running.slack, '#billing-alerts')).toContain(`By${intent}`);
      expect(await channel(billing)).toMatchObject({ status: 'active' });
    },
  );

  test('also sends there what that one missed when it was broken and then disconnected, but nothing else', async () => {
    await running.seedChannel('#billing-alerts', 'acct_demo');
    running.slack.archiveChannel('#billing-alerts');
    await running.perly.post({ ...eventOf('Earlier'), risk_level: 'critical' });
    await expect.poll(async () => (await channel(billing))?.status).toBe('broken');
    await expect.poll(() => customersIn(running.slack)).toContain('Earlier');
    await breakChannel();
    await running.perly.post({ ...eventOf('Missed'), risk_level: 'critical' });
    const deliveries = running.db.collection('deliveries');
    await expect.poll(() => deliveries.countDocuments({ state: 'held' })).toBe(5);
    await running.app.settings.disconnect(billing, { kind: 'user', ...dana });
    await expect.poll(() => deliveries.countDocuments({ lastError: 'disconnected' })).toBe(3);
    running.slack.unarchiveChannel('#billing-alerts');

    expect((await reconnect('#billing-alerts')).text).toContain('Moved to');
    await running.perly.post({ ...eventOf('Later'), risk_level: 'critical' });
    await expect.poll(() => deliveries.countDocuments({ state: { $in: ['pending', 'held'] } })).toBe(0);
    const posted = customersIn(running.slack, '#billing-alerts');
    expect(['Earlier', 'Missed', 'Later'].filter((name) => posted.includes(name))).toEqual([
      'Missed',
      'Later',
    ]);
  });

  test.each([
    ['one after the other', false],
    ['at the same time', true],
  ])('moves it once if the link is clicked twice, %s', async (_, atOnce) => {
    await breakChannel();
    const link = await links.reconnect(dana, health);
    const first = reconnect('#billing-alerts', link);
    if (!atOnce) await first;
    const pages = await Promise.all([first, reconnect('#billing-alerts', link)]);
    expect(pages.map(({ text }) => /Moved to|Reconnected/.exec(text)?.[0]).toSorted()).toEqual([
      'Moved to',
      'Reconnected',
    ]);
    expect(await channel(billing)).toMatchObject({ accountId: 'acct_demo', status: 'active', rules: strict });
    expect(await channel(health)).toMatchObject({ status: 'disconnected', movedTo: billing });
  });

  test.each(['acct_demo', 'acct_other'])(
    'changes nothing if that one gets the alerts of %s: a page says so',
    async (accountId) => {
      await breakChannel();
      await running.seedChannel('#billing-alerts', accountId);
      await whenRecorded(running.db);
      const before = await Promise.all([channel(health), channel(billing)]);
      const page = await reconnect('#billing-alerts');
      expect(page).toMatchObject({
        status: 409,
        text: expect.stringContaining('That channel is connected already'),
      });
      expect(await Promise.all([channel(health), channel(billing)])).toEqual(before);
    },
  );

  test('reconnects that one if it is broken, too', async () => {
    await running.seedChannel('#billing-alerts', 'acct_demo');
    running.slack.archiveChannel('#billing-alerts');
    await breakChannel();
    await expect.poll(async () => (await channel(billing))?.status).toBe('broken');
    running.slack.unarchiveChannel('#billing-alerts');
    expect((await reconnect('#billing-alerts')).text).toContain('Reconnected');
    expect(await channel(billing)).toMatchObject({ status: 'active', rules: defaultRules });
    expect(await channel(health)).toMatchObject({ status: 'broken', rules: strict });
  });
});

test('a channel that works again by then stays as it is, and the chosen one is added', async () => {
  const page = await reconnect('#billing-alerts');
  expect(page.text).toContain('Alerts are active in');
  expect(await channel(health)).toMatchObject({ status: 'active', accountId: 'acct_demo', rules: strict });
  expect(await channel(billing)).toMatchObject({
    status: 'active',
    accountId: 'acct_demo',
    rules: defaultRules,
  });
});
