import { describe, expect, test } from 'vitest';
import { describeRules } from '../../src/domain/describe-rules.ts';
import { defaultRules, type Rules } from '../../src/domain/rules.ts';
import { weekdays } from '../../src/domain/vocabulary.ts';
import { businessHours } from '../support/business-hours.ts';

const hours = businessHours({ timeZone: 'Europe/Berlin' });

describe('rules in one line', () => {
  test.each<[string, Partial<Rules>]>([
    ['All events · all levels', {}],
    ['Customer at risk · high and critical', { eventTypes: ['customer_at_risk'], riskThreshold: 'high' }],
    [
      'Expansion signal, upsell opportunity · all levels',
      { eventTypes: ['upsell_opportunity', 'expansion_signal'] },
    ],
    ['All events · medium and above', { riskThreshold: 'medium' }],
    ['All events · critical only', { riskThreshold: 'critical' }],
    ['All events · all levels · drops of 7.5 points or more', { scoreDeltaMinimum: 7.5 }],
    ['Billing retry failed · all levels', { eventTypes: ['billing_retry_failed'], scoreDeltaMinimum: 15 }],
    ['All events · all levels · critical alerts again after 15 minutes', { remindAfter: '15_minutes' }],
    ['All events · all levels · repeats only after 7 days', { repeatAfter: '7_days' }],
    ['All events · all levels · customers of one owner', { owners: ['own_ana'] }],
    ['All events · all levels · customers of 2 owners', { owners: ['own_ana', 'own_ben'] }],
    ['All events · all levels · quiet outside Mon–Fri 09:00–17:00, Berlin', { timing: hours }],
    [
      'All events · all levels · quiet outside Mon, Wed–Fri, Sun 22:00–06:00, Buenos Aires, nothing kept',
      {
        timing: businessHours({
          timeZone: 'America/Argentina/Buenos_Aires',
          days: ['sun', 'mon', 'wed', 'thu', 'fri'],
          start: '22:00',
          end: '06:00',
          outside: 'discard',
        }),
      },
    ],
    [
      'All events · all levels · quiet outside every day 00:00–24:00, UTC',
      {
        timing: businessHours({ days: weekdays, start: '00:00', end: '24:00' }),
      },
    ],
  ])('%s', (line, rules) => {
    expect(describeRules({ ...defaultRules, ...rules })).toBe(line);
  });
});
