import fc from 'fast-check';
import type { ActivityItem } from '../../src/channels/activity.ts';
import type { Preview } from '../../src/channels/preview.ts';
import { suppressReasons } from '../../src/domain/decide.ts';
import { mentionChoices, remindChoices, repeatChoices } from '../../src/domain/rules.ts';
import { eventTypes, riskLevels, weekdays } from '../../src/domain/vocabulary.ts';
import type { Channel } from '../../src/store/channels/document.ts';
import { deliveryStates } from '../../src/store/deliveries/states.ts';
import { maxCount } from '../../src/store/deliveries/summary.ts';
import type { Mute } from '../../src/store/mutes.ts';
import { arbitraryEvent } from './arbitrary-event.ts';

const now = new Date('2046-03-05T14:00:00Z');

const date = fc.date({ min: now, max: new Date('2050-01-01'), noInvalidDate: true });
export const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom('<!channel>', '<@U1|x>', '*#a*', '&&&&', '`'.repeat(300), '\u202Eabc', ''),
);

const week = {
  timeZone: fc.constantFrom('Europe/Berlin', 'America/Argentina/Catamarca', 'Asia/Ho_Chi_Minh', 'UTC'),
  days: fc
    .dictionary(
      fc.constantFrom(...weekdays),
      fc.record({
        start: fc.constantFrom('00:00', '09:00', '22:00'),
        end: fc.constantFrom('06:00', '17:30', '24:00'),
      }),
      { minKeys: 1, noNullPrototype: true },
    )
    .map((days) => Object.fromEntries(weekdays.flatMap((day) => (days[day] ? [[day, days[day]]] : [])))),
  holidays: fc.record({
    country: fc.constantFrom(null, 'DE'),
    region: fc.constant(null),
    dates: fc
      .uniqueArray(fc.integer({ min: 10, max: 28 }), { maxLength: 19 })
      .map((days) => days.toSorted((one, other) => one - other))
      .chain((days) =>
        fc.tuple(
          ...days.map((day) =>
            fc.record({
              date: fc.constant(`2026-12-${day}`),
              until: fc.constantFrom(null, '13:00', '24:00'),
            }),
          ),
        ),
      ),
  }),
};

const timing = fc.oneof(
  fc.constant('at_once' as const),
  fc.record({
    kind: fc.constant('business_hours' as const),
    ...week,
    outside: fc.constantFrom('digest' as const, 'discard' as const),
  }),
  fc.record({ kind: fc.constant('daily_digest' as const), ...week }).map(({ days, ...rest }) => ({
    ...rest,
    days: Object.fromEntries(Object.entries(days).map(([day, { start }]) => [day, { start, end: '24:00' }])),
  })),
);

export const rules = fc.record({
  eventTypes: fc.subarray([...eventTypes], { minLength: 1 }),
  riskThreshold: fc.constantFrom(...riskLevels),
  scoreDeltaMinimum: fc.double({ min: 0, max: 100, noNaN: true }),
  owners: fc.oneof(
    fc.constant('anyone' as const),
    fc.uniqueArray(fc.stringMatching(/^[\w.:-]{3,75}$/), { minLength: 1, maxLength: 50, size: 'max' }),
  ),
  timing,
  mentionOwner: fc.constantFrom(...mentionChoices),
  repeatAfter: fc.constantFrom(...repeatChoices),
  remindAfter: fc.constantFrom(...remindChoices),
});

const unshared: fc.Arbitrary<Channel> = fc.record({
  _id: fc.constantFrom('T0ACMECS001:C0HEALTH001', 'T0ACMECS001:G0PRIVATE01', 'T0ACMECS001:D0DIRECT001'),
  teamId: fc.constant('T0ACMECS001'),
  teamName: fc.constant(null),
  slackChannelId: fc.oneof(fc.constantFrom('C0HEALTH001', 'G0PRIVATE01', 'D0DIRECT001'), nasty),
  name: nasty,
  accountId: fc.constantFrom(null, 'acct_demo'),
  rules,
  version: fc.nat(),
  rulesEpoch: fc.nat(),
  needsReevaluation: fc.boolean(),
  status: fc.constantFrom('active' as const, 'broken' as const),
  brokenReason: fc.constantFrom(null, 'The channel was archived.'),
  brokenAt: fc.constantFrom(null, now),
  trouble: fc.constantFrom(null, { since: now, reason: 'rate_limited', waitsUntil: now, waits: 1 }),
  pausedUntil: fc.oneof(fc.constantFrom(null, 'until_resumed' as const), date),
  connectedBy: fc.constant('U0DANA00001'),
  managers: fc.oneof(fc.constant('everyone' as const), fc.array(nasty, { maxLength: 60 })),
  createdAt: fc.constant(now),
  servesSince: fc.constant(now),
  connectedAt: fc.constant(now),
  expiresAt: fc.constant(null),
  configurationUrl: fc.constantFrom(null, 'https://acme-cs.slack.com/services/B0WEBHOOK01'),
});

export const channel: fc.Arbitrary<Channel> = fc.oneof(
  unshared,
  fc.tuple(unshared, date).map(([one, externalSeenAt]) => ({ ...one, externalSeenAt })),
);

export const summary = fc.record({
  isWaiting: fc.boolean(),
  lastSentAt: fc.option(date),
  held: fc.nat(maxCount),
  nextDigestAt: fc.option(date),
  failed: fc.nat(maxCount),
  lastFailedAt: fc.option(fc.date({ noInvalidDate: true })),
  expired: fc.nat(maxCount),
});

export const item: fc.Arbitrary<ActivityItem> = fc.record({
  event: arbitraryEvent,
  receivedAt: date,
  position: fc.nat(),
  outcome: fc.constantFrom(...deliveryStates, 'suppressed' as const),
  reason: fc.oneof(fc.constantFrom(null, 'paused', 'moved', 'http_500'), nasty),
  at: fc.option(date),
  inDigest: fc.boolean(),
  deliveryId: fc.oneof(fc.constant(null), fc.string({ minLength: 1, maxLength: 2500 })),
  acknowledgedBy: fc.oneof(fc.constant(null), fc.constant('U0DANA00001'), nasty),
  remindedAt: fc.option(date),
  undoneBy: fc.oneof(fc.constant(null), fc.constant('U0DANA00001'), nasty),
});

const example = {
  type: fc.constantFrom(...eventTypes),
  customer: fc.record({ id: nasty, name: fc.string({ unit: 'binary', maxLength: 300 }) }),
};

export const preview: fc.Arbitrary<Preview> = fc.record({
  sent: fc.nat(),
  held: fc.nat(),
  suppressed: fc.nat(),
  latestSent: fc.array(fc.record({ ...example, isHeld: fc.boolean() }), { maxLength: 3 }),
  latestSuppressed: fc.array(fc.record({ ...example, reason: fc.constantFrom(...suppressReasons) }), {
    maxLength: 3,
  }),
});

const plainMute = fc.record({
  channelId: fc.constant('T0ACMECS001:C0HEALTH001'),
  accountId: fc.constant('acct_demo'),
  customerId: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
  customerName: nasty,
  until: date,
  mutedBy: fc.oneof(fc.constantFrom('U0DANA00001', 'Perly'), nasty),
  createdAt: date,
});

export const mute: fc.Arbitrary<Mute> = fc.oneof(
  plainMute,
  fc.tuple(plainMute, nasty).map(([one, reason]) => ({ ...one, reason })),
);
