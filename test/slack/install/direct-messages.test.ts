import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isDirectMessage } from '../../../src/domain/direct-message.ts';
import { type ChannelDocument, webhookOwner } from '../../../src/store/channels/document.ts';
import { createKeyring } from '../../../src/store/keyring.ts';
import { emptyDatabase } from '../../support/empty-database.ts';
import { createHomeDriver } from '../../support/home-driver.ts';
import { type PageText, readPage } from '../../support/linking.ts';
import { eventOf } from '../../support/named-events.ts';
import { slackLinksOf } from '../../support/slack-links-of.ts';
import { startTestApp, type TestApp } from '../../support/test-app.ts';

let running: TestApp;
beforeAll(async () => {
  running = await startTestApp();
});
beforeEach(() => emptyDatabase(running.db));
afterAll(() => running.close());

test.each([
  ['D024BE91L', '@milo', true],
  ['D024BE91L', '#general', true],
  ['C024BE91L', '@milo', true],
  ['C024BE91L', 'slackbot', true],
  ['C024BE91L', 'Slackbot', true],
  ['C024BE91L', 'directmessage', true],
  ['G024BE91L', 'mpdm-dana--milo-1', true],
  ['C024BE91L', '#mpdm-dana--milo-1', true],
  ['C024BE91L', '#general', false],
  ['C024BE91L', '#slackbot-ideas', false],
  ['G024BE91L', 'leads', false],
])('%s, called %s, is a direct message: %s', (slackChannelId, name, expected) => {
  expect(isDirectMessage({ slackChannelId, name })).toBe(expected);
});

async function pick(channel: string, installUrl = `${running.url}/slack/install`): Promise<PageText> {
  return readPage(await running.slack.install(installUrl, { channel, user: 'Dana Reyes' }));
}

function hrefOf(page: PageText, label: string): string {
  const [, url = ''] = new RegExp(`href="([^"]*)">${label}<`).exec(page.html) ?? [];
  return url.replaceAll('&amp;', '&');
}

async function expectNothingStored(): Promise<void> {
  for (const name of ['channels', 'installations', 'links', 'audit'])
    expect(await running.db.collection(name).countDocuments()).toBe(0);
  await expect(running.slack.messages()).toEqual([]);
}

describe.each(['@milo', '@slackbot'])('%s, chosen as a channel,', (name) => {
  test('is refused with a page that says why, and nothing is stored or posted', async () => {
    const page = await pick(name);
    expect(page.status).toBe(400);
    expect(page.text).toContain('Please choose a channel');
    expect(page.text).toContain('does not post to direct messages or to Slackbot');
    expect(page.text).not.toContain('milo');
    await expectNothingStored();
  });

  test('leaves a webhook in Slack, which the page links to and which can be removed there', async () => {
    const page = await pick(name);
    const webhook = running.slack.webhooks.at(-1);
    const removeUrl = hrefOf(page, 'Remove the webhook in Slack');
    expect(await (await fetch(removeUrl)).text()).toContain(`Posts to ${name}`);
    await fetch(removeUrl, { method: 'POST' });
    expect(webhook?.revokedAs).toBe('no_service');
  });
});

describe('the page offers to choose again', () => {
  test('after a plain install', async () => {
    const again = hrefOf(await pick('@milo'), 'Connect a channel in Slack');
    expect((await pick('#customer-health', again)).text).toMatch(/#customer-health\s+is waiting for Perly/);
  });

  test('with a link from Slack, for the same account', async () => {
    await running.connect('#billing-alerts', 'acct_demo');
    const links = slackLinksOf(running);
    const url = await links.addChannel({ teamId: 'T0ACMECS001', userId: 'U0DANA00001' });
    const again = hrefOf(await pick('@milo', url), 'Connect a channel in Slack');
    expect((await pick('#customer-health', again)).text).toMatch(/Alerts are active in\s+#customer-health/);
  });

  test('in Perly, if the install started there, and the link is not used up', async () => {
    const url = await running.perly.installUrl('acct_demo', { return_url: 'https://app.perly.ai/slack?x=1' });
    const page = await pick('@milo', url);
    expect(hrefOf(page, 'Back to Perly')).toBe('https://app.perly.ai/slack?x=1');
    expect(page.html).not.toContain('Connect a channel in Slack');
    expect((await pick('#customer-health', url)).text).toMatch(/Alerts are active in\s+#customer-health/);
  });
});

/** Stores a direct message with a webhook that works, as an earlier version connected it. */
async function storeDirectMessage(): Promise<void> {
  await running.connect('#customer-health', 'acct_demo');
  const stored = running.db.collection<ChannelDocument>('channels');
  const channel = await stored.findOne();
  if (channel?.webhookUrl === undefined) throw new Error('The channel was not stored.');
  const { connectedAt, webhookUrl } = channel;
  const keyring = createKeyring(running.config.appSecrets);
  const url = keyring.decrypt(webhookUrl, webhookOwner(channel));
  const _id = 'T0ACMECS001:D0SECRET01';
  await stored.insertOne({
    ...channel,
    _id,
    slackChannelId: 'D0SECRET01',
    name: '@secret',
    webhookUrl: keyring.encrypt(url, webhookOwner({ _id, connectedAt })),
  });
}

describe('a direct message that was stored nevertheless', () => {
  test('is on nobody’s Home', async () => {
    await storeDirectMessage();
    for (const user of ['dana', 'milo']) {
      const home = await createHomeDriver(() => running, user).open('<#C0HEALTH001>');
      expect(home).not.toMatch(/secret/i);
      expect(home).not.toContain('a private conversation');
    }
  });

  test('is sent nothing', async () => {
    await storeDirectMessage();
    await running.db
      .collection('channels')
      .updateOne({ slackChannelId: 'C0HEALTH001' }, { $set: { accountId: null } });
    const before = running.slack.webhookCalls.length;
    await running.perly.post(eventOf('Private'));
    await expect.poll(() => running.db.collection('deliveries').countDocuments()).toBe(1);
    await running.close();
    expect(running.slack.webhookCalls.length).toBe(before);
    running = await startTestApp();
  });

  test('is disconnected by recovery when a process starts', async () => {
    await storeDirectMessage();
    const next = await startTestApp({ beside: running });
    const left = () => running.db.collection('channels').findOne({ slackChannelId: 'D0SECRET01' });
    await expect.poll(async () => (await left())?.status).toBe('disconnected');
    expect(await left()).not.toHaveProperty('webhookUrl');
    await expect
      .poll(() => running.db.collection('audit').findOne({ channelId: 'T0ACMECS001:D0SECRET01' }))
      .toMatchObject({ action: 'disconnected', actor: { kind: 'slack', teamId: 'T0ACMECS001' } });
    expect(await running.db.collection('channels').countDocuments({ status: 'active' })).toBe(1);
    await next.close();
  });
});
