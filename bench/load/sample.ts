import { presets } from '../../src/domain/presets.ts';
import type { Rules } from '../../src/domain/rules.ts';

/** The four routes: an event, and the rules of the channel that it is for. */
const routes = [
  { preset: 'everything', type: 'health_score_drop', risk: 'medium' },
  { preset: 'escalations', type: 'customer_at_risk', risk: 'high' },
  { preset: 'revenue_signals', type: 'expansion_signal', risk: undefined },
  { preset: 'billing_alerts', type: 'billing_retry_failed', risk: undefined },
] as const;

/** The prefix of all customers' names in the benchmarks, by which events are recognised on arrival. */
const mark = 'Customer-';
const marks = new RegExp(`${mark}(\\d+)`, 'g');

/** The account of a channel, by number: one each. */
export function accountOf(channel: number): string {
  return `acct_bench_${channel}`;
}

/** The rules of a channel, by number: each of the four presets in turn. */
export function rulesOf(channel: number): Rules {
  const { preset } = routes[channel % routes.length] ?? routes[0];
  return presets.find(({ id }) => id === preset)?.rules ?? presets[0].rules;
}

export type SampleEvent = ReturnType<typeof eventFor>;

/** An event that the channel's rules allow. @param number identifies its message */
export function eventFor(channel: number, number: number) {
  const { type, risk } = routes[channel % routes.length] ?? routes[0];
  return {
    id: `evt_${number}`,
    type,
    account_id: accountOf(channel),
    occurred_at: '2026-03-02T14:05:00Z',
    customer: {
      id: `cus_${number}`,
      name: `${mark}${number}`,
      url: `https://app.perly.ai/customers/cus_${number}`,
    },
    ...(risk !== undefined && { risk_level: risk }),
    health_score: { current: 32, change: -18 },
    signals: ['Login frequency down 60%', 'payment failed twice', 'support tickets up'],
    suggested_action: 'Schedule a check-in call with the account owner',
  };
}

/** The numbers of the events in a message. */
export function numbersIn(message: string): Set<number> {
  return new Set(Array.from(message.matchAll(marks), ([, number]) => Number(number)));
}
