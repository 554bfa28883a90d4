import type { Random } from './random.ts';

const types = [
  'customer_at_risk',
  'expansion_signal',
  'health_score_drop',
  'upsell_opportunity',
  'billing_retry_failed',
] as const;

export type SampleEvent = {
  id: string;
  type: (typeof types)[number];
  account_id: string;
  occurred_at: string;
  customer: { id: string; name: string; url: string; owner?: { id: string; name: string } };
  risk_level?: 'low' | 'medium' | 'high' | 'critical';
  health_score?: { current: number; change: number };
  signals: string[];
};

/** The owner of most customers, in every account. */
export const ownerId = 'own_1';

/** An account without channels: its events have no alerts. */
const unknownAccount = 'acct_without_channels';

const signals = ['Login frequency down 60%', 'Payment failed twice', 'Support tickets up', 'Champion left'];

/**
 * About one in five is critical, and one in fifty is of an account without channels. The customer's URL contains the
 * event's id, by which it is recognised in Slack.
 */
export function makeEvent(random: Random, index: number, accounts: readonly string[]): SampleEvent {
  const id = `f${index}`;
  const type = random.pick(types);
  const level = random.chance(0.2) ? 'critical' : random.pick(['low', 'medium', 'high', 'none'] as const);
  // Required for this type, optional elsewhere.
  const hasLevel = level !== 'none' || type === 'customer_at_risk';
  const riskLevel = level === 'none' ? 'high' : level;
  const change = -random.between(1, 30);
  return {
    id,
    type,
    account_id: random.chance(0.02) ? unknownAccount : random.pick(accounts),
    occurred_at: '2026-03-02T14:05:00Z',
    customer: {
      id: `cus_${index}`,
      name: `Customer ${index}`,
      url: `https://app.perly.ai/customers/cus_${index}?e=${id}`,
      ...(index % 3 > 0 && { owner: { id: ownerId, name: 'Olive Owner' } }),
    },
    ...(hasLevel && { risk_level: riskLevel }),
    ...(type === 'health_score_drop' && { health_score: { current: random.between(10, 60), change } }),
    signals: random.some(signals, random.between(1, 3)),
  };
}
