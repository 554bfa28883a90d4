import type { SampleEvent } from './sample.ts';

/** A channel of the suite: its rules as the database has them, and in our own words what belongs in it. */
export type FaultChannel = {
  /** Slack's id. */
  id: string;
  name: string;
  accountId: string;
  rules: Record<string, unknown>;
  /** Written out by hand on purpose: the app's own `decide` cannot bear witness for itself. */
  takes(event: SampleEvent): boolean;
};

const everything = {
  eventTypes: [
    'customer_at_risk',
    'expansion_signal',
    'health_score_drop',
    'upsell_opportunity',
    'billing_retry_failed',
  ],
  riskThreshold: 'low',
  scoreDeltaMinimum: 0,
  owners: 'anyone',
  mentionOwner: 'never',
  timing: 'at_once',
};

type Kind = Pick<FaultChannel, 'rules' | 'takes'>;

const takesAll: Kind = { rules: everything, takes: () => true };

const others: Kind[] = [
  {
    rules: { ...everything, eventTypes: ['customer_at_risk'], riskThreshold: 'high' },
    takes: ({ type, risk_level }) =>
      type === 'customer_at_risk' && (risk_level === 'high' || risk_level === 'critical'),
  },
  {
    rules: { ...everything, riskThreshold: 'medium' },
    takes: ({ risk_level }) => risk_level !== 'low',
  },
  {
    rules: { ...everything, eventTypes: ['expansion_signal', 'upsell_opportunity'] },
    takes: ({ type }) => type === 'expansion_signal' || type === 'upsell_opportunity',
  },
  {
    rules: { ...everything, scoreDeltaMinimum: 15 },
    takes: ({ type, health_score }) => type !== 'health_score_drop' || (health_score?.change ?? 0) <= -15,
  },
  {
    rules: { ...everything, eventTypes: ['billing_retry_failed'] },
    takes: ({ type }) => type === 'billing_retry_failed',
  },
];

/** Three channels for each account: one that takes everything, and two that choose. */
export function makeChannels(accounts: number): FaultChannel[] {
  return Array.from({ length: accounts * 3 }, (_, index) => {
    const account = Math.floor(index / 3);
    const kind =
      index % 3 === 0 ? takesAll : (others[(2 * account + (index % 3)) % others.length] ?? takesAll);
    const number = String(index + 1).padStart(3, '0');
    return { id: `C0FAULT${number}`, name: `faults-${number}`, accountId: `acct_${account + 1}`, ...kind };
  });
}
