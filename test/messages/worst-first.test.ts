import { describe, expect, test } from 'vitest';
import type { PerlyEvent } from '../../src/domain/event.ts';
import { worstFirst } from '../../src/messages/customer-state.ts';
import { sampleEvent } from '../support/sample-events.ts';

const { risk_level: _, health_score: __, ...bare } = sampleEvent('seed-example');

function eventOf(customer: string, fields: Partial<PerlyEvent> = {}): PerlyEvent {
  return { ...bare, type: 'expansion_signal', customer: { ...bare.customer, id: customer }, ...fields };
}

function order(...events: PerlyEvent[]): string {
  return worstFirst(events)
    .map(({ latest }) => latest.customer.id)
    .join(' ');
}

const lost = (change: number) => ({ health_score: { current: 50, change } });
const at = (hour: number) => ({ occurred_at: `2026-03-02T0${hour}:00:00Z` });

describe('customers are in order', () => {
  const cases: [string, PerlyEvent[], string][] = [
    [
      'of their risk level',
      [
        eventOf('none'),
        eventOf('low', { risk_level: 'low' }),
        eventOf('critical', { risk_level: 'critical' }),
        eventOf('medium', { risk_level: 'medium' }),
        eventOf('high', { risk_level: 'high' }),
      ],
      'critical high medium low none',
    ],
    [
      'of the level as it is now, not as it was',
      [
        eventOf('eased', { risk_level: 'critical', ...at(1) }),
        eventOf('high', { risk_level: 'high', ...at(2) }),
        eventOf('eased', { risk_level: 'low', ...at(3) }),
      ],
      'high eased',
    ],
    [
      'of the level before the loss of score',
      [eventOf('fallen', { risk_level: 'low', ...lost(-90) }), eventOf('high', { risk_level: 'high' })],
      'high fallen',
    ],
    [
      'of the loss of score, where none is told between a loss and a gain',
      [eventOf('gain', lost(5)), eventOf('unknown'), eventOf('small', lost(-5)), eventOf('big', lost(-20))],
      'big small unknown gain',
    ],
    [
      'of the whole loss, not the last one',
      [
        eventOf('twice', { health_score: { current: 50, change: -15 }, ...at(1) }),
        eventOf('once', { ...lost(-20), ...at(2) }),
        eventOf('twice', { health_score: { current: 40, change: -10 }, ...at(3) }),
      ],
      'twice once',
    ],
    [
      'of the loss before the time',
      [eventOf('early', { ...lost(-20), ...at(1) }), eventOf('late', { ...lost(-5), ...at(9) })],
      'early late',
    ],
    ['of time, the most recent first', [eventOf('early', at(1)), eventOf('late', at(9))], 'late early'],
    ['by arrival, if all else is equal', [eventOf('b'), eventOf('a'), eventOf('c')], 'b a c'],
  ];
  test.each(cases)('%s', (_name, events, expected) => {
    expect(order(...events)).toBe(expected);
  });
});

test('a customer whose name changes stays one customer', () => {
  const renamed = { ...bare.customer, name: 'Acme Incorporated' };
  const states = worstFirst([eventOf('cus_acme'), eventOf('cus_acme', { customer: renamed, ...at(9) })]);
  expect(states).toHaveLength(1);
  expect(states[0]?.alerts).toHaveLength(2);
});

test('the events themselves are not changed', () => {
  const events = [eventOf('b', at(9)), eventOf('a', at(1)), eventOf('b', at(2))];
  const before = structuredClone(events);
  worstFirst(events);
  expect(events).toEqual(before);
});
