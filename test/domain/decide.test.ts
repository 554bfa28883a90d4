import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DecidableChannel, type DecidableEvent, decide } from '../../src/domain/decide.ts';
import { presets } from '../../src/domain/presets.ts';
import { defaultRules, type Rules, rulesSchema } from '../../src/domain/rules.ts';
import { eventTypes, riskLevels } from '../../src/domain/vocabulary.ts';
import { businessHours } from '../support/business-hours.ts';

const now = new Date('2026-03-02T14:05:00Z');
const aMinuteAgo = new Date(now.getTime() - 60_000);
const inAMinute = new Date(now.getTime() + 60_000);

/** Open on weekdays from 15:00 UTC: an hour after `now`. */
const fromThree = businessHours({ start: '15:00', end: '24:00' });

const drop: DecidableEvent = {
  type: 'health_score_drop',
  customer: { id: 'cus_acme' },
  risk_level: 'high',
  health_score: { change: -18 },
};

function channel(rules: Partial<Rules> = {}, rest: Partial<DecidableChannel> = {}): DecidableChannel {
  return { rules: { ...defaultRules, ...rules }, pausedUntil: null, mutes: [], ...rest };
}

function outcome(event: Partial<DecidableEvent>, to: DecidableChannel): string {
  const decision = decide({ ...drop, ...event }, to, now);
  return decision.outcome === 'suppress' ? decision.reason : decision.outcome;
}

describe('decide', () => {
  test.each<[string, Partial<DecidableEvent>, DecidableChannel, string]>([
    ['the default rules let everything pass', {}, channel(), 'send'],
    ['a channel that is paused until later', {}, channel({}, { pausedUntil: inAMinute }), 'paused'],
    ['a channel that is paused until resumed', {}, channel({}, { pausedUntil: 'until_resumed' }), 'paused'],
    ['a pause that ended', {}, channel({}, { pausedUntil: aMinuteAgo }), 'send'],
    ['a pause that ends this instant', {}, channel({}, { pausedUntil: now }), 'send'],
    ['a type that is off', {}, channel({ eventTypes: ['customer_at_risk'] }), 'event_type_off'],
    [
      'a muted customer',
      {},
      channel({}, { mutes: [{ customerId: 'cus_acme', until: inAMinute }] }),
      'customer_muted',
    ],
    [
      'another customer is muted',
      {},
      channel({}, { mutes: [{ customerId: 'cus_x', until: inAMinute }] }),
      'send',
    ],
    ['a mute that ended', {}, channel({}, { mutes: [{ customerId: 'cus_acme', until: now }] }), 'send'],
    [
      'an owner among those of the rules',
      { customer: { id: 'cus_acme', owner: { id: 'own_ana' } } },
      channel({ owners: ['own_milo', 'own_ana'] }),
      'send',
    ],
    [
      'another owner',
      { customer: { id: 'cus_acme', owner: { id: 'own_ana' } }, risk_level: 'critical' },
      channel({ owners: ['own_milo'] }),
      'other_owner',
    ],
    ['no owner, where the rules name one', {}, channel({ owners: ['own_milo'] }), 'other_owner'],
    [
      'another owner, and a level below the threshold',
      { risk_level: 'low' },
      channel({ owners: ['own_milo'], riskThreshold: 'high' }),
      'other_owner',
    ],
    [
      'a level below the threshold',
      { risk_level: 'medium' },
      channel({ riskThreshold: 'high' }),
      'below_risk_threshold',
    ],
    ['a level at the threshold', {}, channel({ riskThreshold: 'high' }), 'send'],
    ['a level above the threshold', { risk_level: 'critical' }, channel({ riskThreshold: 'high' }), 'send'],
    [
      'no level never counts as a low risk',
      { risk_level: undefined },
      channel({ riskThreshold: 'critical' }),
      'send',
    ],
    [
      'a level on a billing alert counts',
      { type: 'billing_retry_failed', risk_level: 'low' },
      channel({ riskThreshold: 'medium' }),
      'below_risk_threshold',
    ],
    ['a drop below the minimum', {}, channel({ scoreDeltaMinimum: 18.1 }), 'below_score_delta'],
    ['a drop of exactly the minimum', {}, channel({ scoreDeltaMinimum: 18 }), 'send'],
    ...[-4.999999999999999, -4.96, -4.95].map(
      (change): [string, Partial<DecidableEvent>, DecidableChannel, string] => [
        `a drop of ${change}, which is shown as the minimum`,
        { health_score: { change } },
        channel({ scoreDeltaMinimum: 5 }),
        'send',
      ],
    ),
    [
      'a drop that is shown as less than the minimum',
      { health_score: { change: -4.94 } },
      channel({ scoreDeltaMinimum: 5 }),
      'below_score_delta',
    ],
    [
      'a small change of another type',
      { type: 'customer_at_risk', health_score: { change: -1 } },
      channel({ scoreDeltaMinimum: 50 }),
      'send',
    ],
    ['quiet hours that hold', {}, channel({ timing: fromThree }), 'hold'],
    [
      'quiet hours that discard',
      {},
      channel({ timing: { ...fromThree, outside: 'discard' } }),
      'quiet_hours',
    ],
    ['business hours', {}, channel({ timing: businessHours({ start: '14:00', end: '24:00' }) }), 'send'],
    ['a critical alert in quiet hours', { risk_level: 'critical' }, channel({ timing: fromThree }), 'send'],
    [
      'a critical alert where quiet hours discard',
      { risk_level: 'critical' },
      channel({ timing: { ...fromThree, outside: 'discard' } }),
      'send',
    ],
    ['no level is not critical', { risk_level: undefined }, channel({ timing: fromThree }), 'hold'],
  ])('%s', (_, event, to, expected) => {
    expect(outcome(event, to)).toBe(expected);
  });

  test('what is held is held until the next opening', () => {
    const decision = decide(drop, channel({ timing: fromThree }), now);
    expect(decision).toEqual({ outcome: 'hold', until: new Date('2026-03-02T15:00:00Z') });
  });

  test('the first rule that applies gives the reason', () => {
    const against = {
      rules: {
        ...defaultRules,
        eventTypes: ['expansion_signal'],
        riskThreshold: 'critical',
        scoreDeltaMinimum: 99,
        timing: { ...fromThree, outside: 'discard' },
      },
      pausedUntil: inAMinute,
      mutes: [{ customerId: 'cus_acme', until: inAMinute }],
    } satisfies DecidableChannel;
    expect(outcome({}, against)).toBe('paused');
    expect(outcome({}, { ...against, pausedUntil: null })).toBe('event_type_off');
    const typeOn = {
      ...against,
      pausedUntil: null,
      rules: { ...against.rules, eventTypes: [...eventTypes] },
    };
    expect(outcome({}, typeOn)).toBe('customer_muted');
    expect(outcome({}, { ...typeOn, mutes: [] })).toBe('below_risk_threshold');
    expect(outcome({ risk_level: undefined }, { ...typeOn, mutes: [] })).toBe('below_score_delta');
    const noMinimum = { ...typeOn, rules: { ...typeOn.rules, scoreDeltaMinimum: 0 }, mutes: [] };
    expect(outcome({ risk_level: undefined }, noMinimum)).toBe('quiet_hours');
  });

  test('an alert that is off, muted or too small is no repeat, and a repeat is not held', () => {
    const sent = [{ level: 'critical' as const, at: aMinuteAgo }];
    const limited = channel({ repeatAfter: '1_hour', timing: fromThree, scoreDeltaMinimum: 18 });
    expect(decide(drop, limited, now, sent)).toEqual({ outcome: 'suppress', reason: 'repeated' });
    const small = { ...drop, health_score: { change: -17 } };
    expect(decide(small, limited, now, sent)).toEqual({ outcome: 'suppress', reason: 'below_score_delta' });
    expect(decide(drop, limited, now)).toMatchObject({ outcome: 'hold' });
  });

  test('a stricter threshold never lets more pass', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...eventTypes),
        fc.option(fc.constantFrom(...riskLevels), { nil: undefined }),
        fc.nat(riskLevels.length - 2),
        (type, level, mild) => {
          const at = (riskThreshold: Rules['riskThreshold']) =>
            outcome({ type, risk_level: level }, channel({ riskThreshold })) === 'send';
          const [milder = 'low', stricter = 'low'] = riskLevels.slice(mild);
          if (at(stricter)) expect(at(milder)).toBe(true);
        },
      ),
    );
  });
});

describe('the rules', () => {
  test('the defaults and every preset pass the schema', () => {
    for (const rules of [defaultRules, ...presets.map((preset) => preset.rules)])
      expect(rulesSchema.parse(rules)).toEqual(rules);
  });

  test.each<[string, object]>([
    ['no event type', { eventTypes: [] }],
    ['an unknown event type', { eventTypes: ['customer_lost'] }],
    ['a type twice', { eventTypes: ['customer_at_risk', 'customer_at_risk'] }],
    ['an unknown level', { riskThreshold: 'severe' }],
    ['a minimum below 0', { scoreDeltaMinimum: -1 }],
    ['a minimum above 100', { scoreDeltaMinimum: 101 }],
    ['a minimum that is no number', { scoreDeltaMinimum: Number.NaN }],
    ['an unknown time until a repeat', { repeatAfter: '2_hours' }],
    ['an unknown rule', { muteAll: true }],
  ])('%s is refused', (_, change) => {
    expect(rulesSchema.safeParse({ ...defaultRules, ...change }).success).toBe(false);
  });

  test.each([
    [
      'Everything',
      [
        'customer_at_risk',
        'expansion_signal',
        'health_score_drop',
        'upsell_opportunity',
        'billing_retry_failed',
      ],
      'low',
    ],
    ['Escalations', ['customer_at_risk'], 'high'],
    ['Revenue signals', ['expansion_signal', 'upsell_opportunity'], 'low'],
    ['Billing alerts', ['billing_retry_failed'], 'low'],
  ])('the preset %s is as the design has it', (name, types, threshold) => {
    const preset = presets.find((candidate) => candidate.name === name);
    expect(preset?.rules).toMatchObject({
      eventTypes: types,
      riskThreshold: threshold,
      scoreDeltaMinimum: 0,
    });
  });
});
