import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { elementsOf } from '../../../sandbox/slack/find-element.ts';
import { renderMessage } from '../../../sandbox/slack/render/render-message.ts';
import { defaultTeam } from '../../../sandbox/slack/seed.ts';
import { sampleEvent } from '../../support/sample-events.ts';
import { shortPaceMs, startTestApp, type TestApp } from '../../support/test-app.ts';
import { listControls, textOf } from '../../support/view-text.ts';

const team = defaultTeam.id;
const many = Array.from({ length: 30 }, (_, index) => ({
  id: `C0MANY${String(index).padStart(5, '0')}`,
  name: `many-${String(index).padStart(2, '0')}`,
}));

let running: TestApp;
beforeAll(async () => {
  running = await startTestApp({
    paceMs: shortPaceMs,
    slack: { channels: [...defaultTeam.channels, ...many], enforceRate: false },
  });
});
afterAll(() => running.close());

const channels = () => running.db.collection('channels');

beforeEach(async () => {
  for (const name of ['channels', 'deliveries', 'events', 'homeViewers', 'links'])
    await running.db.collection(name).deleteMany({});
});

/** Waits until Home is published with these words. */
async function openHome(user: string, words: string | RegExp): Promise<string> {
  const before = running.slack.home(user)?.hash;
  expect((await running.slack.openHome(user)).status).toBe(200);
  await expect.poll(() => running.slack.home(user)?.hash).not.toBe(before);
  await expect.poll(() => textOf(running.slack.home(user))).toMatch(words);
  return textOf(running.slack.home(user));
}

/** Connects the first channel through the consent page, and copies its document for the rest. */
async function connectMany(count: number): Promise<void> {
  await running.seedChannel('#many-00', 'acct_demo');
  const first = await channels().findOne({ slackChannelId: many[0]?.id });
  await channels().insertMany(
    many.slice(1, count).map(({ id, name }) => ({
      ...first,
      _id: `${team}:${id}` as never,
      slackChannelId: id,
      name: `#${name}`,
    })),
  );
}

describe('Home', () => {
  test('with nothing connected says what Perly does, and leads to the first channel', async () => {
    await running.seedChannel('#customer-health', 'acct_demo');
    await channels().deleteMany({});
    const text = await openHome('dana', 'No channels are connected yet');
    expect(text).toContain('How it works');
    expect(text).toContain('Get help');
    expect(listControls(running.slack.home('dana'))).toEqual(['link_add_channel']);
    const click = await running.slack.click({ user: 'dana', on: 'home', actionId: 'link_add_channel' });
    expect(click.status).toBe(200);
  });

  test('of a channel without an account leads to Perly', async () => {
    await running.seedChannel('#customer-health');
    const text = await openHome('dana', 'One of your channels is waiting for a Perly account');
    expect(text).toContain('⏳ Waiting for a Perly account');
    expect(listControls(running.slack.home('dana'))).toContain('home_link_account');
  });

  test('shows each channel with its rules, its state, and its buttons', async () => {
    await running.connect('#customer-health', 'acct_demo');
    const before = await openHome('dana', 'no alert yet');
    expect(before).toContain('*<#C0HEALTH001>*\nAll events · all levels');
    expect(before).toContain('🟢 Active');
    expect(before).not.toContain('customer-health');

    await running.perly.post(sampleEvent('seed-example'));
    await running.slack.waitForMessages(2, undefined, '#customer-health');
    const sent = running.db.collection('deliveries');
    await expect.poll(() => sent.countDocuments({ state: 'sent' })).toBe(1);
    await openHome('dana', /last alert: <!date\^/);
    expect(listControls(running.slack.home('dana'))).toEqual([
      'link_add_channel',
      'channel_edit_rules',
      'channel_activity',
      'channel_pause',
      'channel_menu',
    ]);
  });

  test('says that a channel is broken, why, and how to fix it', async () => {
    await running.seedChannel('#customer-health', 'acct_demo');
    running.slack.archiveChannel('#customer-health');
    await running.perly.post(sampleEvent('seed-example'));
    await expect.poll(() => channels().countDocuments({ status: 'broken' })).toBe(1);
    const text = await openHome('dana', '⚠️ *Alerts are not reaching a channel');
    running.slack.unarchiveChannel('#customer-health');
    expect(text).toMatch(/⚠️ Broken: .*archived/);
    expect(text).toContain('1 held until the channel works again');
    expect(text).not.toMatch(/no alert (yet|in the last 30 days)/);
    await channels().updateOne({}, { $set: { pausedUntil: 'until_resumed' } });
    await openHome('dana', 'archived · ⏸️ Paused until someone resumes it');
    expect(listControls(running.slack.home('dana'))).toContain('link_reconnect');
  });

  test('offers nothing to viewers who are not managers, but says who manages', async () => {
    await running.seedChannel('#customer-health', 'acct_demo');
    const text = await openHome('milo', 'Managed by <@U0DANA00001>');
    expect(text).toContain('<#C0HEALTH001>');
    expect(listControls(running.slack.home('milo'))).toEqual(['link_add_channel']);
    await channels().updateOne({}, { $set: { managers: 'everyone' } });
    await openHome('milo', 'Edit rules');
  });

  test('never names a private channel: Slack shows the name behind a mention to its members', async () => {
    await running.seedChannel('#cs-leads', 'acct_demo');
    for (const user of ['dana', 'milo'])
      expect(await openHome(user, '<#C0LEADS0001>')).not.toContain('cs-leads');
    expect(JSON.stringify(running.slack.home('milo')?.content)).not.toContain('cs-leads');
  });

  test('shows many channels page by page, those that need attention first', async () => {
    await connectMany(30);
    await channels().updateOne(
      { slackChannelId: many[20]?.id },
      { $set: { status: 'broken', brokenReason: 'gone' } },
    );
    const first = await openHome('dana', 'Channels 1–15 of 30');
    expect(first.indexOf(many[20]?.id ?? '')).toBeGreaterThan(0);
    expect(first.indexOf(many[20]?.id ?? '')).toBeLessThan(first.indexOf(many[0]?.id ?? ''));
    expect(listControls(running.slack.home('dana'))).not.toContain('home_page_previous');

    await running.slack.click({ user: 'dana', on: 'home', actionId: 'home_page_next' });
    await expect.poll(() => textOf(running.slack.home('dana'))).toContain('Channels 16–30 of 30');
    await running.slack.click({ user: 'dana', on: 'home', actionId: 'home_page_previous' });
    await expect.poll(() => textOf(running.slack.home('dana'))).toContain('Channels 1–15 of 30');
  });

  test('asks which account a channel is for, if a workspace has several', async () => {
    await running.seedChannel('#customer-health', 'acct_demo');
    await running.seedChannel('#billing-alerts', 'acct_other');
    await openHome('dana', 'C0BILLING01');
    await running.slack.click({ user: 'dana', on: 'home', actionId: 'home_add_channel' });
    await expect.poll(() => textOf(running.slack.modals('dana').at(-1))).toContain('several Perly accounts');
    const buttons = elementsOf(running.slack.modals('dana').at(-1)?.content.blocks);
    expect(buttons.map(({ element }) => element.accessibility_label)).toEqual([
      'Choose a channel for acct_demo',
      'Choose a channel for acct_other',
    ]);
    expect(await fetch(String(buttons[1]?.element.url), { redirect: 'manual' })).toMatchObject({
      status: 302,
    });
    await running.slack.closeView('dana');
  });

  test.each(['Acme & Sons', 'Acme & *Sons*_Inc_ :wave:'])(
    'names the account %j as it is, with each channel where there are several, and binds "Add channel" to it',
    async (name) => {
      const named = (account: string, called: string) => running.perly.installUrl(account, { name: called });
      const shown = () => renderMessage({ blocks: running.slack.home('dana')?.content.blocks });
      const lines = () =>
        shown()
          .flatMap((part) => part.lines)
          .join('\n');
      await running.slack.install(await named('acct_demo', name), { channel: '#customer-health' });
      await openHome('dana', 'on Perly sends customer alerts to these channels');
      expect(lines()).toContain(`${name} on Perly sends customer alerts to these channels`);
      expect(lines()).not.toContain('for Acme');
      const [add] = elementsOf(running.slack.home('dana')?.content.blocks);
      const link = new URL(String(add?.element.url)).searchParams.get('link') ?? '';
      expect(decodeJwt(link)).toMatchObject({ intent: 'add', accountId: 'acct_demo' });

      await running.slack.install(await named('acct_other', 'Globex'), { channel: '#billing-alerts' });
      await openHome('dana', '2 Perly accounts');
      expect(lines()).toContain(`🟢 Active · · for ${name} · · no alert yet`);
      expect(lines()).toContain('for Globex');

      await channels().deleteMany({});
      await running.db.collection('links').deleteOne({ accountId: 'acct_other' });
      await openHome('dana', 'get the alerts of');
      expect(lines()).toContain(`get the alerts of ${name} on Perly`);
      expect(shown().flatMap(({ formats }) => formats)).not.toContainEqual(expect.stringContaining('Sons'));
    },
  );

  test('says so if it cannot show the channels, and what to do', async () => {
    await running.seedChannel('#customer-health', 'acct_demo');
    await channels().updateOne({}, { $set: { 'rules.eventTypes': null } });
    const text = await openHome('dana', 'Your channels cannot be shown right now');
    expect(text).toContain('Get help');
    await channels().deleteMany({});
  });

  test('ignores the other tabs, and a workspace that removed the app', async () => {
    await running.seedChannel('#customer-health', 'acct_demo');
    const event = { type: 'app_home_opened', user: 'U0MILO00002', channel: 'D0MILO', tab: 'messages' };
    const published = () => running.db.collection('homeViewers').countDocuments();
    await running.slack.sendEvent(event);
    expect(await published()).toBe(0);

    const logged = running.logs.length;
    await running.db.collection('installations').deleteMany({});
    expect((await running.slack.openHome('dana')).status).toBe(200);
    expect(running.logs.slice(logged).join('')).not.toContain('"level":"error"');
    expect(await published()).toBe(0);
  });

  test('Slack accepted every view that it was sent', () => {
    expect(running.slack.refusals.filter(({ where }) => where.startsWith('view'))).toEqual([]);
  });
});
