import type { PerlyEvent } from '../../src/domain/event.ts';

const evening = Date.UTC(2026, 2, 2, 18);

/** By default an expansion signal. @param minute after 18:00 UTC on 2 March 2026 */
export function alertOf(name: string, minute: number, fields: Partial<PerlyEvent> = {}): PerlyEvent {
  const id = `cus_${name.toLowerCase().replace(/\W+/g, '_')}`;
  return {
    id: `evt_${id}_${minute}`,
    type: 'expansion_signal',
    account_id: 'acct_demo',
    occurred_at: new Date(evening + minute * 60_000).toISOString(),
    customer: { id, name, url: `https://app.perly.ai/customers/${id}` },
    ...fields,
  };
}

/** Four alerts about one customer: two drops, a risk that became high and eased, a failed payment. */
export const busyNight: readonly PerlyEvent[] = [
  alertOf('Acme Corp', 5, {
    type: 'health_score_drop',
    risk_level: 'medium',
    health_score: { current: 50, change: -9 },
    signals: ['Login frequency down 40%'],
  }),
  alertOf('Acme Corp', 130, {
    type: 'customer_at_risk',
    risk_level: 'high',
    health_score: { current: 41, change: -9 },
    signals: [
      'Champion left the company',
      'Login frequency down 60%',
      'Support tickets up',
      'Renewal in 21 days',
    ],
    suggested_action: 'Call the executive sponsor',
  }),
  alertOf('Acme Corp', 190, { type: 'billing_retry_failed', risk_level: 'medium' }),
  alertOf('Acme Corp', 600, {
    type: 'health_score_drop',
    risk_level: 'medium',
    health_score: { current: 32, change: -9 },
  }),
];

export const otherCustomers: readonly PerlyEvent[] = [
  alertOf('Initech', 10, {
    health_score: { current: 91, change: 6 },
    signals: ['Seats at 95% of plan', '12 new users this week'],
    suggested_action: 'Offer the Growth plan',
  }),
  alertOf('Hooli', 20, {
    type: 'billing_retry_failed',
    risk_level: 'medium',
    signals: ['Third retry failed: card_declined'],
    suggested_action: 'Ask for another payment method',
  }),
  alertOf('Stark Industries', 45, {
    type: 'billing_retry_failed',
    signals: ['First retry failed: expired_card'],
  }),
  alertOf('Stark Industries', 405, {
    type: 'billing_retry_failed',
    signals: ['Second retry failed: expired_card'],
  }),
  alertOf('Umbrella', 60, {
    type: 'upsell_opportunity',
    signals: ['Used the audit log 40 times on a plan without it'],
    suggested_action: 'Show them the Security add-on',
  }),
  alertOf('Globex', 90, {
    type: 'customer_at_risk',
    risk_level: 'high',
    health_score: { current: 18, change: -27 },
    signals: ['No logins for 14 days', 'Renewal in 21 days'],
    suggested_action: 'Call the executive sponsor today',
  }),
  alertOf('Wayne Enterprises', 100, {
    type: 'health_score_drop',
    risk_level: 'low',
    health_score: { current: 71, change: -6 },
    summary: 'Fewer reports were made than in any week of this year',
  }),
  alertOf('Soylent', 120, {
    type: 'health_score_drop',
    risk_level: 'medium',
    health_score: { current: 44, change: -16 },
    signals: ['Support tickets up'],
  }),
  alertOf('Soylent', 420, {
    risk_level: 'low',
    health_score: { current: 63, change: 19 },
    signals: ['Usage is back'],
  }),
  alertOf('Tyrell', 240, {
    type: 'customer_at_risk',
    risk_level: 'medium',
    signals: ['Two of three admins left', 'Data export requested'],
  }),
];

/** Two alerts each, of every risk level and none. */
export const fortyCustomers: readonly PerlyEvent[] = Array.from({ length: 40 }, (_, index) => {
  const name = `Customer Company ${index + 1}`;
  const levels = ['critical', 'high', 'medium', 'low'] as const;
  const risk_level = levels[Math.floor(index / 8)];
  const fields = {
    ...(risk_level && { risk_level }),
    signals: ['Login frequency down 60%', 'Payment failed twice', 'Support tickets up', 'Champion left'],
    suggested_action: 'Schedule a check-in call with the account owner',
  };
  return [
    alertOf(name, index, {
      ...fields,
      type: 'health_score_drop',
      health_score: { current: 60 - index, change: -10 },
    }),
    alertOf(name, 300 + index, { ...fields, type: 'billing_retry_failed' }),
  ];
}).flat();
