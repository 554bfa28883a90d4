import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defaultRules } from '../../../src/domain/rules.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { SlackLinks } from '../../../src/slack/install/slack-links.ts';
import type { ChannelDocument } from '../../../src/store/channels/document.ts';
import { createChannelMoveStore } from '../../../src/store/channels/moves.ts';
import { createChannelStore } from '../../../src/store/channels/store.ts';
import { createKeyring } from '../../../src/store/keyring.ts';
import { type Browser, openBrowser } from '../../support/browser.ts';
import { emptyDatabase } from '../../support/empty-database.ts';
import { customersIn, eventOf } from '../../support/named-events.ts';
import { slackLinksOf } from '../../support/slack-links-of.ts';
import { shortPaceMs, startTestApp, type TestApp } from '../../support/test-app.ts';
import { whenRecorded } from '../../support/when-recorded.ts';

let running: TestApp;
let links: SlackLinks;
beforeAll(async () => {
  running = await startTestApp({ shared: true, paceMs: shortPaceMs });
  running.slack.addTeam({ id: 'T0GLOBEX001', name: 'Globex', domain: 'globex' });
  links = linksAt(new Date());
});
beforeEach(() => emptyDatabase(running.db));
afterAll(() => running.close());

const dana = { teamId: 'T0ACMECS001', userId: 'U0DANA00001' };
const health = 'T0ACMECS001:C0HEALTH001';
const billing = 'T0ACMECS001:C0BILLING01';
const revenue = 'T0ACMECS001:C0REVENUE01';

function linksAt(now: Date): SlackLinks {
  return slackLinksOf(running, { ...systemClock, now: () => now });
}

const channel = (_id: string) => running.db.collection<ChannelDocument>('channels').findOne({ _id });

async function pick(link: string, name: string, browser = openBrowser(), user = 'Dana Reyes') {
  const back = await running.slack.approve(await browser.follow(link), { channel: name, user });
  const answer = await browser.get(back);
  const [, main = ''] = /<main>(.*)<\/main>/s.exec(await answer.text()) ?? [];
  return { status: answer.status, text: main.replaceAll(/<[^>]*>/g, ' ') };
}

describe('Add channel', () => {
  test('connects to the account that the workspace is linked to, in the workspace that Slack is told to stay in', async () => {
    await running.seedChannel('#customer-health', 'acct_demo');
    const link = await links.addChannel(dana);
    expect(new URL(await openBrowser().follow(link)).searchParams.get('team')).toBe('T0ACMECS001');
    expect(await pick(link, '#billing-alerts')).toMatchObject({ status: 200 });
    expect(await channel(billing)).toMatchObject({ accountId: 'acct_demo', managers: ['U0DANA00001'] });
  });

  test('connects to the chosen one of several, and waits if none was chosen', async () => {
    await running.seedChannel('#customer-health', 'acct_demo');
    await running.seedChannel('#cs-escalations', 'acct_other');
    await pick(await links.addChannel(dana, 'acct_other'), '#billing-alerts');
    await pick(await links.addChannel(dana), '#revenue-signals');
    expect(await channel(billing)).toMatchObject({ accountId: 'acct_other' });
    expect(await channel(revenue)).toMatchObject({ accountId: null });
  });

  test('never to an account that the workspace is not linked to', async () => {
    await pick(await links.addChannel(dana, 'acct_other'), '#billing-alerts');
    expect(await channel(billing)).toMatchObject({ accountId: null });
  });
});

describe('a link works for its viewer only', () => {
  test('another user gets a page that explains, and nothing is connected', async () => {
    const page = await pick(await links.addChannel(dana), '#billing-alerts', openBrowser(), 'Milo Park');
    expect(page.status).toBe(403);
    expect(page.text).toContain('This link was made for someone else');
    expect(await channel(billing)).toBeNull();
  });

  test('so does another workspace', async () => {
    const elsewhere = { ...dana, teamId: 'T0GLOBEX001' };
    const browser = openBrowser();
    const authorizeUrl = new URL(await browser.follow(await links.addChannel(elsewhere)));
    authorizeUrl.searchParams.set('team', 'T0ACMECS001');
    const back = await running.slack.approve(authorizeUrl.href, { channel: '#billing-alerts' });
    const answer = await browser.get(back);
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('You chose another workspace');
    expect(await running.db.collection('installations').countDocuments()).toBe(0);
  });

  test.each([
    ['a word', () => `${running.url}/slack/install?link=word`],
    ['an empty one', () => `${running.url}/slack/install?link=`],
    ['one of yesterday', () => linksAt(new Date(Date.now() - 86_401_000)).addChannel(dana)],
  ])('%s leads to a page that says where to get a valid one', async (_, toLink) => {
    const answer = await openBrowser().get(await toLink());
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('This link from Slack is no longer valid');
  });
});

describe('two tabs', () => {
  let browser: Browser;
  beforeEach(() => {
    browser = openBrowser();
  });

  test('each finishes what it started', async () => {
    const first = await browser.follow(await running.perly.installUrl('acct_demo'));
    const second = await browser.follow(await running.perly.installUrl('acct_demo'));
    const back = await running.slack.approve(first, { channel: '#billing-alerts' });
    expect((await browser.get(back)).status).toBe(200);
    const secondBack = await running.slack.approve(second, { channel: '#customer-health' });
    expect((await browser.get(secondBack)).status).toBe(200);
    expect(await channel(billing)).toMatchObject({ status: 'active' });
    expect(await channel(health)).toMatchObject({ status: 'active' });
  });

  test('a browser keeps a few of them, and the oldest is dropped', async () => {
    for (let tab = 0; tab < 7; tab += 1) await browser.follow(`${running.url}/slack/install`);
    expect(browser.cookies()).toHaveLength(5);
  });

  test("a state that somebody else's browser started does nothing in this one", async () => {
    const theirs = await openBrowser().follow(await running.perly.installUrl('acct_rival'));
    await browser.follow(await running.perly.installUrl('acct_demo'));
    const answer = await browser.get(await running.slack.approve(theirs, { channel: '#billing-alerts' }));
    expect(answer.status).toBe(400);
    expect(await channel(billing)).toBeNull();
  });

  test("one of Perly's links connects one channel, however many tabs it is opened in", async () => {
    const installUrl = await running.perly.installUrl('acct_demo');
    expect((await pick(installUrl, '#billing-alerts', browser)).status).toBe(200);
    expect((await pick(installUrl, '#customer-health', browser)).status).toBe(403);
    expect(await channel(health)).toBeNull();
  });
});

describe('Move', () => {
  test('moves rules, managers, pause, mutes and account, and leaves the old channel without any', async () => {
    await pick(await running.perly.installUrl('acct_demo'), '#customer-health');
    const actor = { kind: 'user', ...dana } as const;
    const until = new Date('2096-01-01T00:00:00Z');
    await running.app.settings.changeRules(health, 1, { ...defaultRules, riskThreshold: 'high' }, actor);
    await running.app.settings.mute(
      { channelId: health, accountId: 'acct_demo' },
      { id: 'cus_noise', name: 'Noise' },
      until,
      actor,
    );
    await running.app.settings.pause(health, until, actor);

    const page = await pick(await links.move(dana, health), '#billing-alerts');
    expect(page.text).toContain('Moved to');
    expect(await channel(billing)).toMatchObject({
      accountId: 'acct_demo',
      status: 'active',
      rules: { riskThreshold: 'high' },
      managers: ['U0DANA00001'],
      pausedUntil: until,
    });
    expect(await channel(billing)).not.toHaveProperty('movedFrom');
    expect(await channel(health)).toMatchObject({
      status: 'disconnected',
      accountId: null,
      movedTo: billing,
    });
    expect(await channel(health)).not.toHaveProperty('webhookUrl');
    const mutes = await running.db.collection('mutes').find().toArray();
    expect(mutes).toMatchObject([{ channelId: billing, customerId: 'cus_noise' }]);
  });

  test('what waits for the old channel arrives in the new one, once', async () => {
    await running.seedChannel('#customer-health', 'acct_demo');
    running.slack.archiveChannel('#customer-health');
    await running.perly.post(eventOf('One'));
    await expect.poll(async () => (await channel(health))?.status).toBe('broken');
    for (const name of ['Two', 'Three']) await running.perly.post(eventOf(name));

    await pick(await links.move({ ...dana, userId: 'U0DANA00001' }, health), '#billing-alerts');
    running.slack.unarchiveChannel('#customer-health');
    await expect.poll(() => customersIn(running.slack, '#billing-alerts')).toEqual(['One', 'Two', 'Three']);
    await running.perly.post(eventOf('Four'));
    await expect
      .poll(() => customersIn(running.slack, '#billing-alerts'))
      .toEqual(['One', 'Two', 'Three', 'Four']);
    expect(customersIn(running.slack)).toEqual([]);
  });

  test('while an alert is being sent: it is in one channel only, and the rest follows afterwards', async () => {
    await running.seedChannel('#customer-health', 'acct_demo');
    const fault = running.slack.failWebhook('#customer-health', { hang: 'after' }, 1);
    const isHit = fault.nextHit();
    await running.perly.post(eventOf('Six'));
    await isHit;
    await pick(await links.move(dana, health), '#revenue-signals');
    expect(await channel(revenue)).toMatchObject({ status: 'active', movedFrom: health });
    await running.perly.post(eventOf('Seven'));
    fault.release();
    await expect.poll(() => customersIn(running.slack, '#revenue-signals')).toEqual(['Seven']);

    const next = await startTestApp({ beside: running });
    await expect.poll(async () => (await channel(revenue))?.movedFrom).toBeUndefined();
    await next.close();
    expect(customersIn(running.slack, '#customer-health')).toEqual(['Six']);
    expect(customersIn(running.slack, '#revenue-signals')).toEqual(['Seven']);
  });

  test('that a crash interrupted is completed by the next process', async () => {
    await running.seedChannel('#customer-health', 'acct_demo');
    running.slack.revokeWebhooks('#customer-health');
    await running.perly.post(eventOf('Five'));
    await expect.poll(async () => (await channel(health))?.status).toBe('broken');
    await running.seedChannel('#revenue-signals');
    const webhook = running.slack.webhooks.at(-1)?.url ?? '';
    await whenRecorded(running.db);
    await running.db.collection('channels').deleteOne({ slackChannelId: 'C0REVENUE01' });
    const keyring = createKeyring(running.config.appSecrets);
    const from = await createChannelStore(running.db, keyring).find(health);
    if (from === undefined) throw new Error('the channel is gone');
    const connection = { ...from, slackChannelId: 'C0REVENUE01', webhookUrl: webhook, connectedBy: 'U1' };
    await createChannelMoveStore(running.db, keyring).begin(connection, from, new Date());

    const next = await startTestApp({ beside: running });
    await expect.poll(() => customersIn(running.slack, '#revenue-signals')).toContain('Five');
    await next.close();
    expect(await channel(health)).toMatchObject({ status: 'disconnected' });
    expect(await channel(revenue)).not.toHaveProperty('movedFrom');
  });

  test('the same channel again is a reconnect', async () => {
    await running.seedChannel('#customer-health', 'acct_demo');
    const page = await pick(await links.move(dana, health), '#customer-health');
    expect(page.text).toContain('Reconnected');
    expect(await channel(health)).toMatchObject({ status: 'active', accountId: 'acct_demo' });
  });

  test('onto a connected channel, of a missing one, or by somebody who does not manage it: a page says why', async () => {
    await running.seedChannel('#customer-health', 'acct_demo');
    await running.seedChannel('#billing-alerts', 'acct_demo');
    const response = await pick(await links.move(dana, health), '#billing-alerts');
    expect(response).toMatchObject({ status: 409, text: expect.stringContaining('is connected already') });
    expect(await channel(health)).toMatchObject({ status: 'active' });

    const milo = { ...dana, userId: 'U0MILO00002' };
    const strange = await pick(await links.move(milo, health), '#cs-escalations', openBrowser(), 'Milo Park');
    expect(strange).toMatchObject({ status: 403, text: expect.stringContaining('managed by others') });

    await running.app.settings.disconnect(health, { kind: 'user', ...dana });
    const gone = await pick(await links.move(dana, health), '#cs-escalations');
    expect(gone).toMatchObject({ status: 409, text: expect.stringContaining('nothing left to move') });
    expect(await channel('T0ACMECS001:C0ESCALATE1')).toBeNull();
  });
});
