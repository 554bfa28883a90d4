import type { Document } from 'mongodb';
import { describe, expect, test } from 'vitest';
import { elementsOf } from '../../../sandbox/slack/find-element.ts';
import { weekdays } from '../../../src/domain/vocabulary.ts';
import { businessHours } from '../../support/business-hours.ts';
import { eventOf } from '../../support/named-events.ts';
import { setupHome } from '../../support/setup-home.ts';
import { startTestApp } from '../../support/test-app.ts';
import { listControls } from '../../support/view-text.ts';

const fixture = setupHome({}, { shared: true });
const { dana, milo, channels } = fixture;
const danaId = 'U0DANA00001';
const miloId = 'U0MILO00002';

const deliveries = () => fixture.running.db.collection('deliveries');
const channel = () => channels().findOne({ slackChannelId: 'C0HEALTH001' });

const audited = (action: string) => fixture.running.db.collection('audit').countDocuments({ action });

describe('Pause', () => {
  test('for an hour, and Home offers to resume', async () => {
    const before = Date.now();
    await dana.press('channel_pause', 'How long should alerts in <#C0HEALTH001> be paused');
    expect(dana.modalText()).toMatch(/For 1 hour: <!date\^\d+/);
    await dana.submit();
    await expect.poll(() => dana.home()).toMatch(/⏸️ Paused until <!date/);
    const pausedUntil = (await channel())?.pausedUntil;
    expect(pausedUntil.getTime()).toBeGreaterThanOrEqual(before + 3_600_000);

    await fixture.running.slack.click({ user: 'dana', on: 'home', actionId: 'channel_resume' });
    await expect.poll(() => dana.home()).toContain('🟢 Active');
    expect((await channel())?.pausedUntil).toBeNull();
  });

  test('until someone resumes it', async () => {
    await dana.press('channel_pause', 'How long');
    await dana.submit({ pause: 'until_resumed' });
    await expect.poll(() => dana.home()).toContain('Paused until someone resumes it');
    expect((await channel())?.pausedUntil).toBe('until_resumed');
  });

  test('until tomorrow, when business hours open', async () => {
    const timing = businessHours({ timeZone: 'Europe/Berlin', days: weekdays });
    await channels().updateOne({}, { $set: { 'rules.timing': timing } });
    await dana.press('channel_pause', 'Until tomorrow');
    await dana.submit({ pause: 'tomorrow' });
    const pausedUntil = (await channel())?.pausedUntil;
    const wall = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'Europe/Berlin',
      hour: '2-digit',
      minute: '2-digit',
    });
    expect(wall.format(pausedUntil)).toBe('09:00');
  });
});

test('a change also appears on Homes that another process published', async () => {
  await milo.open('Managed by');
  const other = await startTestApp({ beside: fixture.running });
  fixture.running.slack.setAppUrl(other.url);
  await dana.press('channel_pause', 'How long');
  await dana.submit({ pause: 'until_resumed' });
  await expect.poll(() => milo.home()).toContain('Paused until someone resumes it');
  fixture.running.slack.setAppUrl(fixture.running.url);
  await other.close();
});

describe('Who can manage', () => {
  test('names others, who get the buttons at once', async () => {
    await milo.open();
    expect(milo.home()).not.toContain('Edit rules');
    await dana.press('channel_menu', 'Managers can change the rules', 'managers');
    await dana.submit({ [dana.field('people')]: [danaId, miloId] });
    expect((await channel())?.managers).toEqual([danaId, miloId]);
    await expect.poll(() => milo.home()).toContain('Edit rules');
  });

  test('opens it to everyone, and takes that back', async () => {
    await dana.press('channel_menu', 'Managers can change the rules', 'managers');
    await dana.use('managers_field', { blockId: dana.field('kind'), choice: 'everyone' });
    await expect.poll(() => listControls(dana.modal())).toEqual(['managers_field', 'managers_external']);
    await dana.submit();
    expect((await channel())?.managers).toBe('everyone');
    await dana.press('channel_menu', 'Managers can change the rules', 'managers');
    await dana.use('managers_field', { blockId: dana.field('kind'), choice: 'people' });
    await expect.poll(() => listControls(dana.modal())).toHaveLength(3);
    await dana.submit();
    expect((await channel())?.managers).toEqual([danaId]);
  });

  test('is never nobody', async () => {
    await dana.press('channel_menu', 'Managers can change the rules', 'managers');
    const { errors } = await dana.submit({ [dana.field('people')]: [] });
    expect(Object.keys(errors)).toEqual([dana.field('people')]);
  });
});

describe('Send a test alert', () => {
  test('posts it and says so', async () => {
    await dana.press('channel_menu', 'A test alert was sent to <#C0HEALTH001>', 'test_alert');
    const messages = await fixture.running.slack.waitForMessages(1, undefined, '#customer-health');
    expect(JSON.stringify(messages.at(-1)?.payload)).toContain('Example Inc. (test alert)');
    expect(await audited('test_alert_sent')).toBe(1);
  });

  test('says why a channel does not accept it, and links to Reconnect', async () => {
    fixture.running.slack.failWebhook('#customer-health', { error: 'no_service' }, 1);
    await dana.press('channel_menu', 'The connection was removed in Slack', 'test_alert');
    expect(listControls(dana.modal())).toEqual(['link_reconnect']);
    await expect.poll(() => dana.home()).toContain('⚠️ Broken');
  });

  test('says that it may work later', async () => {
    fixture.running.slack.failWebhook('#customer-health', { status: 500 }, 1);
    await dana.press('channel_menu', 'did not reach', 'test_alert');
  });

  test('says that other messages are being sent, and is not sent at the same time', async () => {
    const { slack, perly } = fixture.running;
    const hanging = slack.failWebhook('#customer-health', { hang: 'before' }, 1);
    const pending = hanging.nextHit();
    await perly.post(eventOf('Acme'));
    await pending;
    const calls = slack.webhookCalls.length;
    await dana.press('channel_menu', 'other messages to <#C0HEALTH001> are on their way', 'test_alert');
    expect(slack.webhookCalls).toHaveLength(calls);
    hanging.release();
    await expect.poll(() => slack.webhookCalls.length).toBe(calls + 1);
  });
});

describe('Disconnect', () => {
  test('says what is deleted, and disconnects the channel', async () => {
    await dana.press('channel_menu', 'Disconnect <#C0HEALTH001>?', 'disconnect');
    expect(dana.modalText()).toContain('*Deleted:* the connection and the list of muted customers.');
    expect(dana.modalText()).toContain('the rules, for 13 days');
    await dana.submit();
    await expect.poll(() => dana.home()).toContain('No channels are connected yet');
    expect((await channel())?.status).toBe('disconnected');
  });

  test('says that alerts which wait or are held are deleted, and they are', async () => {
    await fixture.running.perly.post({ events: ['Acme', 'Bert', 'Cleo'].map(eventOf) });
    await expect.poll(() => deliveries().countDocuments({ state: 'sent' })).toBe(3);
    for (const state of ['held', 'pending'])
      await deliveries().updateOne(
        { state: 'sent' },
        { $set: { state, finishedAt: null, nextAttemptAt: new Date(Date.now() + 3_600_000) } },
      );
    await dana.press('channel_menu', 'Disconnect <#C0HEALTH001>?', 'disconnect');
    expect(dana.modalText()).toContain(
      '*Deleted:* the connection, the list of muted customers, the alerts held for the next digest (1), and the alerts that are waiting to be sent.',
    );
    await dana.submit();
    await expect.poll(() => deliveries().countDocuments({ state: 'dropped' })).toBe(2);
  });

  test('twice, in two windows, is harmless', async () => {
    await channels().updateOne({}, { $set: { managers: 'everyone' } });
    await milo.open();
    for (const person of [dana, milo])
      await person.press('channel_menu', 'Disconnect <#C0HEALTH001>?', 'disconnect');
    await dana.submit();
    await milo.submit();
    expect(milo.modalText()).toContain('This channel is no longer connected');
    expect(await audited('disconnected')).toBe(1);
  });
});

describe('Activity', () => {
  const sent = (count: number) =>
    expect.poll(() => deliveries().countDocuments({ state: 'sent' })).toBe(count);

  test('of a channel without events says so', async () => {
    await dana.press('channel_activity', 'Nothing yet');
  });

  test('shows each event with its outcome and the rule', async () => {
    await fixture.running.perly.post(eventOf('Ada'));
    await sent(1);
    await channels().updateOne({}, { $set: { 'rules.riskThreshold': 'critical' } });
    await fixture.running.perly.post(eventOf('Bert'));
    await channels().updateOne({}, { $set: { 'rules.riskThreshold': 'low', pausedUntil: 'until_resumed' } });
    await fixture.running.perly.post(eventOf('Cleo'));
    await dana.press('channel_activity', 'what happened to them');
    const lines = dana.modalText().split('\n');
    const outcomeOf = (name: string) => lines[lines.findIndex((line) => line.startsWith(`*${name}*`)) + 1];
    expect(outcomeOf('Ada')).toMatch(/^✅ Sent: <!date.* · received: <!date/);
    expect(outcomeOf('Bert')).toContain('Suppressed: its risk level is below the one in the rules');
    expect(outcomeOf('Cleo')).toContain('Suppressed: the channel was paused');
  });

  test('retries failed alerts', async () => {
    await fixture.running.perly.post(eventOf('Ada'));
    await sent(1);
    const failed = { state: 'failed', lastError: 'http_500', finishedAt: new Date() };
    await deliveries().updateOne({}, { $set: failed });
    await dana.press(
      'channel_activity',
      '❌ Failed: Slack or a server on the way to it had an error (HTTP 500)',
    );
    await dana.use('activity_retry');
    await sent(1);
    expect(await audited('delivery_retried')).toBe(1);
    await expect.poll(() => listControls(dana.modal())).not.toContain('activity_retry');
  });

  test('shows who is muted, and unmutes them', async () => {
    const mute = {
      channelId: 'T0ACMECS001:C0HEALTH001',
      accountId: 'acct_demo',
      customerName: '*Ada* & <co>',
      until: new Date('2096-01-01'),
      mutedBy: miloId,
      createdAt: new Date(),
    };
    await fixture.running.db.collection('mutes').insertMany([
      {
        ...mute,
        _id: '["T0ACMECS001:C0HEALTH001","acct_demo","ada"]' as never,
        customerId: 'ada',
        reason: '*Holiday* <!here>',
      },
      {
        ...mute,
        _id: '["T0ACMECS001:C0HEALTH001","acct_demo","bert"]' as never,
        customerId: 'bert',
        customerName: 'Bert',
      },
    ]);
    await dana.press('channel_menu', /\*Ada\* &amp; &lt;co&gt;\n.*Until .*<@U0MILO00002>/s, 'muted');
    expect(dana.modalText()).toContain('Reason: *Holiday* &lt;!here&gt;');
    const unmute = elementsOf(dana.modal()?.content.blocks).find(({ element }) => element.value === '0 ada');
    await dana.use('muted_unmute', { blockId: unmute?.blockId ?? '' });
    await expect.poll(() => dana.modalText()).not.toContain('Ada');
    const left = await fixture.running.db.collection('mutes').find({ channelId: mute.channelId }).toArray();
    expect(left.map(({ customerId }) => customerId)).toEqual(['bert']);
    expect(await audited('customer_unmuted')).toBe(1);
  });

  test('shows many muted customers in pages; unmuting stays on its page', async () => {
    await fixture.running.db.collection<Document & { _id: string }>('mutes').insertMany(
      Array.from({ length: 26 }, (_, index) => ({
        _id: JSON.stringify(['T0ACMECS001:C0HEALTH001', 'acct_demo', `cus_${index}`]),
        channelId: 'T0ACMECS001:C0HEALTH001',
        accountId: 'acct_demo',
        customerId: `cus_${index}`,
        customerName: `Customer ${index}`,
        until: new Date(Date.UTC(2096, 0, 30 - index)),
        mutedBy: 'Perly',
        createdAt: new Date(),
      })),
    );
    await dana.press('channel_menu', 'Customers 1–25 of 26', 'muted');
    expect(dana.modalText()).toMatch(/Customer 24.*by Perly/s);
    expect(dana.modalText()).not.toContain('Customer 25');
    await dana.use('muted_page_next');
    await expect.poll(() => dana.modalText()).toContain('Customers 26–26 of 26');
    expect(dana.modalText()).toContain('Customer 25');
    await dana.use('muted_page_previous');
    await expect.poll(() => dana.modalText()).toContain('Customers 1–25 of 26');
    await dana.use('muted_page_next');
    await expect.poll(() => dana.modalText()).toContain('Customer 25');
    await dana.use('muted_unmute');
    // The second page is gone with it.
    await expect.poll(() => dana.modalText()).toContain('Customer 24');
    expect(dana.modalText()).not.toContain('Customers 1');
  });
});

describe('somebody of another workspace', () => {
  test('manages nothing here', async () => {
    await channels().updateOne({}, { $set: { managers: 'everyone', pausedUntil: 'until_resumed' } });
    await dana.open('Resume');
    await fixture.running.slack.sendInteraction({
      type: 'block_actions',
      team: { id: 'T0ACMECS001', domain: 'acme-cs' },
      user: { id: 'U0STRANGER1', team_id: 'T0OTHER0001' },
      container: { type: 'view' },
      trigger_id: '1.1',
      actions: [
        {
          type: 'button',
          action_id: 'channel_resume',
          block_id: 'channel T0ACMECS001:C0HEALTH001',
          action_ts: '1',
        },
      ],
    });
    await fixture.running.slack.click({ user: 'dana', on: 'home', actionId: 'channel_resume' });
    await expect.poll(() => audited('resumed')).toBe(1);
    const entry = await fixture.running.db.collection('audit').findOne({ action: 'resumed' });
    expect(entry?.actor).toMatchObject({ userId: danaId });
  });
});

test('Slack accepted every view that it was sent', () => {
  expect(fixture.refusals().filter(({ where }) => /^view|suggest/.test(where))).toEqual([]);
});
