export const eventExample = {
  id: 'evt_seed_0001',
  type: 'health_score_drop',
  account_id: 'acct_demo',
  occurred_at: '2026-03-02T14:05:00Z',
  customer: {
    id: 'cus_acme',
    name: 'Acme Corp',
    url: 'https://app.perly.ai/customers/cus_acme',
  },
  risk_level: 'high',
  health_score: {
    current: 32,
    change: -18,
  },
  signals: ['Login frequency down 60%', 'payment failed twice', 'support tickets up'],
  suggested_action: 'Schedule a check-in call with the account owner',
};

export const rulesExample = {
  event_types: ['customer_at_risk', 'health_score_drop', 'billing_retry_failed'],
  risk_threshold: 'high',
  score_delta_minimum: 10,
  timing: {
    kind: 'business_hours',
    time_zone: 'Europe/Berlin',
    days: {
      mon: { start: '09:00', end: '17:00' },
      tue: { start: '09:00', end: '17:00' },
      wed: { start: '09:00', end: '17:00' },
      thu: { start: '09:00', end: '17:00' },
      fri: { start: '09:00', end: '15:00' },
    },
    holidays: { country: 'DE', region: 'BY', dates: [{ date: '2026-12-24', until: '13:00' }] },
    outside: 'digest',
  },
  owners: 'anyone',
  repeat_after: '1_day',
  remind_after: '1_hour',
  mention_owner: 'high_and_critical',
};
