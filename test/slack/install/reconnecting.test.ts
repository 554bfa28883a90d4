import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SlackLinks } from '../../../src/slack/install/slack-links.ts';
import type { ChannelDocument } from '../../../src/store/channels/document.ts';
import { emptyDatabase } from '../../support/empty-database.ts';
import { slackLinksOf } from '../../support/slack-links-of.ts';
import { shortPaceMs, startTestApp, type TestApp } from '../../support/test-app.ts';

let running: TestApp;
let links: SlackLinks;
beforeAll(async () => {
  running = await startTestApp({ paceMs: shortPaceMs });
  links = slackLinksOf(running);
});
beforeEach(() => emptyDatabase(running.db));
afterAll(() => running.close());

const health = 'T0ACMECS001:C0HEALTH001';
const milo = { teamId: 'T0ACMECS001', userId: 'U0MILO00002' };
const channel = () => running.db.collection<ChannelDocument>('channels').findOne({ _id: health });
const everything = async () =>
  Promise.all(
    ['channels', 'installations', 'links', 'audit'].map((name) =>
      running.db.collection(name).find().toArray(),
    ),
  );

async function installAs(user: string, url = `${running.url}/slack/install`, name = '#customer-health') {
  const answer = await running.slack.install(url, { channel: name, user });
  const [, main = ''] = /<main>(.*)<\/main>/s.exec(await answer.text()) ?? [];
  return { status: answer.status, html: main, text: main.replaceAll(/<[^>]*>/g, ' ') };
}

describe('a channel that is connected and managed by Dana', () => {
  test.each<[string, string | undefined, () => Promise<string>]>([
    ['a plain install', 'acct_demo', async () => `${running.url}/slack/install`],
    ['a plain install, while it waits for an account', undefined, async () => `${running.url}/slack/install`],
    ['an "Add channel" link', 'acct_demo', () => links.addChannel(milo)],
    ['a "Reconnect" link of before', 'acct_demo', () => links.reconnect(milo, health)],
    [
      'a connect link of some account, while it waits for one',
      undefined,
      () => running.perly.installUrl('acct_rival'),
    ],
  ])('is not replaced by Milo with %s: a page says whom to ask', async (_, accountId, toUrl) => {
    await running.connect('#customer-health', accountId);
    await expect.poll(async () => (await channel())?.outbox).toEqual([]);
    const before = await everything();
    const messages = running.slack.messages('#customer-health').length;
    const page = await installAs('Milo Park', await toUrl());
    expect(page.status).toBe(403);
    expect(page.text).toContain('This channel is managed by others');
    expect(page.html).toMatch(/href="[^"]*\/app_redirect\?app=A\w+&amp;team=T0ACMECS001"/);
    expect(await everything()).toEqual(before);
    expect(running.slack.messages('#customer-health')).toHaveLength(messages);
  });

  test('is reconnected by Dana, and by Milo once everyone manages it', async () => {
    await running.connect('#customer-health', 'acct_demo');
    expect((await installAs('Dana Reyes')).text).toContain('Reconnected');
    const actor = { kind: 'user', teamId: milo.teamId, userId: 'U0DANA00001' } as const;
    await running.app.settings.setManagers(health, 'everyone', actor);
    expect((await installAs('Milo Park')).text).toContain('Reconnected');
    expect(await channel()).toMatchObject({ accountId: 'acct_demo', managers: 'everyone' });
  });

  test('stays paused when it is reconnected, which the page and the message say', async () => {
    await running.connect('#customer-health', 'acct_demo');
    const actor = { kind: 'user', teamId: milo.teamId, userId: 'U0DANA00001' } as const;
    await running.app.settings.pause(health, 'until_resumed', actor);
    expect((await installAs('Dana Reyes')).text).toContain('Alerts are paused in this channel');
    expect(running.slack.messages('#customer-health').at(-1)?.payload.text).toContain('Alerts are paused.');
  });

  test('is reconnected by Milo with a connect link of the account that it serves, which makes him a manager', async () => {
    await running.connect('#customer-health', 'acct_demo');
    const page = await installAs('Milo Park', await running.perly.installUrl('acct_demo'));
    expect(page.text).toContain('Reconnected');
    expect(await channel()).toMatchObject({
      accountId: 'acct_demo',
      connectedBy: 'U0DANA00001',
      managers: ['U0DANA00001', 'U0MILO00002'],
    });
  });

  test('stays with its account, whoever brings a link of another one', async () => {
    await running.connect('#customer-health', 'acct_demo');
    const before = await everything();
    const page = await installAs('Milo Park', await running.perly.installUrl('acct_rival'));
    expect(page).toMatchObject({
      status: 409,
      text: expect.stringContaining('serves another Perly account'),
    });
    expect(await everything()).toEqual(before);
  });

  test('can be connected by anyone after it was disconnected', async () => {
    await running.connect('#customer-health', 'acct_demo');
    const actor = { kind: 'user', teamId: milo.teamId, userId: 'U0DANA00001' } as const;
    await running.app.settings.disconnect(health, actor);
    expect((await installAs('Milo Park')).status).toBe(200);
    expect(await channel()).toMatchObject({ connectedBy: milo.userId, managers: [milo.userId] });
  });
});

test('a "Reconnect" link of somebody who no longer manages the channel connects no other channel either', async () => {
  await running.connect('#customer-health', 'acct_demo');
  const before = await everything();
  const page = await installAs('Milo Park', await links.reconnect(milo, health), '#billing-alerts');
  expect(page.status).toBe(403);
  expect(await everything()).toEqual(before);
});
