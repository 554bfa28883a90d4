import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isDirectMessage } from '../../../src/slack/install/to-connection.ts';
import { emptyDatabase } from '../../support/empty-database.ts';
import { type PageText, readPage } from '../../support/linking.ts';
import { slackLinksOf } from '../../support/slack-links-of.ts';
import { shortPaceMs, startTestApp, type TestApp } from '../../support/test-app.ts';

let running: TestApp;
beforeAll(async () => {
  running = await startTestApp({ paceMs: shortPaceMs });
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
