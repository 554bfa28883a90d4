import { describe, expect, test } from 'vitest';
import { explainChannel, explainDelivery } from '../../src/channels/explain.ts';
import { noHolidays } from '../../src/domain/holidays.ts';
import { defaultRules, type Rules } from '../../src/domain/rules.ts';
import type { Channel } from '../../src/store/channels/document.ts';
import type { DeliveryDocument } from '../../src/store/deliveries/document.ts';
import { emptySummary } from '../../src/store/deliveries/summary.ts';
import type { ChannelDecision } from '../../src/store/event-document.ts';
import { businessHours } from '../support/business-hours.ts';
import { channelOf } from '../support/channel-of.ts';
import { deliveryOf } from '../support/delivery-of.ts';

/** A Friday evening in Berlin. */
const now = new Date('2046-03-23T18:30:00+01:00');
const monday = new Date('2046-03-26T09:00:00+02:00');
const formatted = {
  monday: 'Monday 26 March 2046, 09:00 (Berlin)',
  friday: 'Friday 23 March 2046, 18:30 (Berlin)',
};
const hours = businessHours({ timeZone: 'Europe/Berlin' });
const daily = {
  kind: 'daily_digest',
  timeZone: hours.timeZone,
  days: hours.days,
  holidays: noHolidays,
} as const;

const withRules = (rules: Partial<Rules>, rest: Partial<Channel> = {}): Channel =>
  channelOf(now, { rules: { ...defaultRules, ...rules }, ...rest });

const decided = { channelId: 'T1:C1', rulesEpoch: 1, servesSince: now };
const sends: ChannelDecision = { ...decided, outcome: 'send' };
const broken = { status: 'broken', brokenAt: now, brokenReason: 'The channel was archived.' } as const;

describe('what happened to an event', () => {
  test.each<[string, Partial<DeliveryDocument>, Partial<Rules>, Partial<Channel>, string]>([
    [
      'held outside business hours',
      { state: 'held', digest: 'quiet_hours', nextAttemptAt: monday },
      { timing: hours },
      {},
      `Held until ${formatted.monday}, because it came outside this channel’s business hours: Mon–Fri 09:00–17:00, Berlin. It is sent with a digest then.`,
    ],
    [
      'held for the daily digest',
      { state: 'held', digest: 'quiet_hours', nextAttemptAt: monday },
      { timing: daily },
      {},
      `Held until ${formatted.monday}, because this channel gets one digest a day: Mon–Fri 09:00, Berlin. It is sent with a digest then.`,
    ],
    [
      'held by a broken channel',
      { state: 'held', digest: 'broken' },
      {},
      broken,
      'Held, because Slack takes no alerts for this channel. The channel was archived. It is sent with a digest once the channel is reconnected.',
    ],
    [
      'held by a channel that was broken',
      { state: 'held', digest: 'broken' },
      {},
      {},
      'Held while the channel was broken. It is sent with the next digest.',
    ],
    ['sent', { state: 'sent', finishedAt: now }, { timing: hours }, {}, `Sent on ${formatted.friday}.`],
    [
      'sent with a digest',
      { state: 'sent', finishedAt: monday, digest: 'quiet_hours' },
      { timing: hours },
      {},
      `Sent on ${formatted.monday} with a digest.`,
    ],
    ['new', {}, {}, {}, 'On its way to Slack.'],
    [
      'new, in a channel whose webhook cannot be read',
      {},
      {},
      { hasUnreadableWebhook: true },
      'Alerts wait, because the app cannot read the channel’s webhook. Reconnect the channel.',
    ],
    [
      'new, while Slack asks to wait',
      {},
      { timing: hours },
      { trouble: { since: now, reason: 'rate_limited', waitsUntil: monday, waits: 1 } },
      `Slack has not taken alerts for this channel since ${formatted.friday}: Slack asked to wait. Perly tries again on ${formatted.monday}.`,
    ],
    [
      'waiting for another attempt, in UTC',
      { lastError: 'http_503', nextAttemptAt: monday },
      {},
      {},
      'Not sent yet: Slack or a server on the way to it had an error (HTTP 503). The next attempt is on Monday 26 March 2046, 07:00 (UTC).',
    ],
    [
      'waiting for another attempt, while Slack asks to wait',
      { lastError: 'http_503', nextAttemptAt: now },
      { timing: hours },
      { trouble: { since: now, reason: 'rate_limited', waitsUntil: monday, waits: 1 } },
      `Slack has not taken alerts for this channel since ${formatted.friday}: Slack asked to wait. Perly tries again on ${formatted.monday}.`,
    ],
    [
      'waiting for another attempt after the end of a wait',
      { lastError: 'http_503', nextAttemptAt: monday },
      { timing: hours },
      { trouble: { since: now, reason: 'rate_limited', waitsUntil: now, waits: 1 } },
      `Not sent yet: Slack or a server on the way to it had an error (HTTP 503). The next attempt is on ${formatted.monday}.`,
    ],
    [
      'waiting for another attempt, in a channel whose webhook cannot be read',
      { lastError: 'http_503', nextAttemptAt: now },
      {},
      { hasUnreadableWebhook: true },
      'Alerts wait, because the app cannot read the channel’s webhook. Reconnect the channel.',
    ],
    [
      'waiting for another attempt after a lost answer',
      { lastError: 'timeout', lostAnswers: 1, nextAttemptAt: monday },
      { timing: hours },
      {},
      `Not confirmed by Slack yet: Slack did not answer in time. The next attempt is on ${formatted.monday}.`,
    ],
    [
      'failed after a lost answer',
      { state: 'failed', finishedAt: now, lastError: 'http_200', lostAnswers: 11 },
      { timing: hours },
      {},
      `Not confirmed by Slack: the answer did not come from Slack (HTTP 200). Perly gave up on ${formatted.friday}; it can be retried in Activity.`,
    ],
    [
      'failed',
      { state: 'failed', finishedAt: now, lastError: 'invalid_blocks' },
      { timing: hours },
      {},
      `Not sent: Slack did not accept the message (invalid_blocks). Perly gave up on ${formatted.friday}; it can be retried in Activity.`,
    ],
    [
      'dropped',
      { state: 'dropped', lastError: 'disconnected' },
      {},
      {},
      'Not sent: the channel was disconnected.',
    ],
  ])('%s', (_what, delivery, rules, channel, words) => {
    expect(explainDelivery(sends, deliveryOf('a', delivery), withRules(rules, channel))).toBe(words);
  });

  test('suppressed by the rules, and not recorded', () => {
    const suppressed: ChannelDecision = { ...decided, outcome: 'suppress', reason: 'event_type_off' };
    expect(explainDelivery(suppressed, undefined, undefined)).toBe(
      'Not sent, because this event type is off in the rules.',
    );
    expect(explainDelivery(sends, undefined, undefined)).toContain('No alert is recorded');
  });
});

describe('how a channel is doing', () => {
  const none = 'No alert was sent in the last 30 days.';
  test.each<[string, Partial<Rules>, Partial<Channel>, string]>([
    ['at once', {}, {}, 'Alerts that its rules let through are sent at once.'],
    [
      'outside business hours',
      { timing: hours },
      {},
      `It is outside business hours (Mon–Fri 09:00–17:00, Berlin): critical alerts are sent at once, others are held until ${formatted.monday}.`,
    ],
    [
      'outside business hours, without a digest',
      { timing: { ...hours, outside: 'discard' } },
      {},
      'It is outside business hours (Mon–Fri 09:00–17:00, Berlin): critical alerts are sent at once, others not at all.',
    ],
    [
      'within business hours',
      { timing: businessHours({ timeZone: 'Europe/Berlin', end: '20:00' }) },
      {},
      'It is within business hours (Mon–Fri 09:00–20:00, Berlin): alerts that its rules let through are sent at once.',
    ],
    [
      'one digest a day',
      { timing: daily },
      {},
      `Critical alerts are sent at once, others with one digest a day, the next on ${formatted.monday}.`,
    ],
    [
      'paused',
      { timing: hours },
      { pausedUntil: monday },
      `Paused until ${formatted.monday}. What comes until then is not sent later.`,
    ],
    [
      'paused without an end',
      {},
      { pausedUntil: 'until_resumed' },
      'Paused until somebody resumes it. What comes until then is not sent later.',
    ],
    [
      'broken',
      { timing: hours },
      broken,
      `Slack has taken no alerts for this channel since ${formatted.friday}. The channel was archived. Alerts are held until the channel is reconnected, and then sent with a digest.`,
    ],
    [
      'broken and paused',
      {},
      { status: 'broken', pausedUntil: 'until_resumed' },
      'Slack has taken no alerts for this channel. Slack did not say why. Alerts are held until the channel is reconnected, and then sent with a digest. Paused until somebody resumes it. What comes until then is not sent later.',
    ],
    [
      'its webhook cannot be read',
      {},
      { hasUnreadableWebhook: true },
      'Alerts wait, because the app cannot read the channel’s webhook. Reconnect the channel.',
    ],
    [
      'Slack asks to wait',
      { timing: hours },
      { trouble: { since: now, reason: 'rate_limited', waitsUntil: monday, waits: 1 } },
      `Slack has not taken alerts for this channel since ${formatted.friday}: Slack asked to wait. Perly tries again on ${formatted.monday}.`,
    ],
  ])('%s', (_what, rules, channel, words) => {
    expect(explainChannel(withRules(rules, channel), emptySummary, now)).toBe(`${words} ${none}`);
  });

  test('what is held, failed and was sent last', () => {
    const summary = { ...emptySummary, held: 3, nextDigestAt: monday, failed: 1, lastSentAt: now };
    const words = explainChannel(withRules({ timing: hours }), summary, now);
    expect(words).toContain(`3 alerts are held for the next digest on ${formatted.monday}.`);
    expect(words).toContain('1 alert failed in the last 30 days and can be retried.');
    expect(words).not.toContain('The latest alert failed');
    expect(words).toContain(`The last alert was sent on ${formatted.friday}.`);
    expect(explainChannel(withRules({}), { ...summary, held: 100 }, now)).toContain(
      '100 or more alerts are held',
    );
    const failing = { ...summary, lastFailedAt: monday, expired: 2 };
    expect(explainChannel(withRules({}), failing, now)).toContain(
      'The latest alert failed. 1 alert failed in the last 30 days and can be retried. 2 alerts could not be sent, and cannot be retried.',
    );
  });
});
