import type { SampleEvent } from './sample.ts';

/** Its rules as in the database, and independently which events belong in it. */
export type FaultChannel = {
  id: string;
  name: string;
  accountId: string;
  rules: Record<string, unknown>;
  /** Written by hand on purpose: the app's own `decide` cannot check itself. */
  accepts(event: SampleEvent): boolean;
  /** Events that come in a digest, which may not show each of many alerts. */
  isInDigest?(event: SampleEvent): boolean;
};

/** The Slack user of the owners of an account, whom alerts of no other account may mention. */
export function ownerUserOf(accountId: string): string {
  return `UOWNER${accountId.replace('acct_', '')}`;
}

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
  mentionOwner: 'high_and_critical',
  remindAfter: 'never',
  timing: 'at_once',
};

type Kind = Pick<FaultChannel, 'rules' | 'accepts' | 'isInDigest'>;

const acceptsAll: Kind = { rules: { ...everything, remindAfter: '15_minutes' }, accepts: () => true };

const others: Kind[] = [
  {
    rules: { ...everything, eventTypes: ['customer_at_risk'], riskThreshold: 'high' },
    accepts: ({ type, risk_level }) =>
      type === 'customer_at_risk' && (risk_level === 'high' || risk_level === 'critical'),
  },
  {
    // Each event is about a customer of its own, so that none is a repeat.
    rules: { ...everything, riskThreshold: 'medium', repeatAfter: '7_days' },
    accepts: ({ risk_level }) => risk_level !== 'low',
  },
  {
    rules: { ...everything, eventTypes: ['expansion_signal', 'upsell_opportunity'] },
    accepts: ({ type }) => type === 'expansion_signal' || type === 'upsell_opportunity',
  },
  {
    rules: { ...everything, scoreDeltaMinimum: 15 },
    accepts: ({ type, health_score }) => type !== 'health_score_drop' || (health_score?.change ?? 0) <= -15,
  },
  {
    rules: { ...everything, eventTypes: ['billing_retry_failed'], repeatAfter: '1_hour' },
    accepts: ({ type }) => type === 'billing_retry_failed',
  },
];

/** @param digestAt the time of day of its digest, in UTC */
function dailyDigest(digestAt: string): Kind {
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  const timing = {
    kind: 'daily_digest',
    timeZone: 'UTC',
    days: Object.fromEntries(days.map((day) => [day, { start: digestAt, end: '24:00' }])),
    holidays: { country: null, region: null, dates: [] },
  };
  const isCritical = ({ risk_level }: SampleEvent) => risk_level === 'critical';
  return {
    rules: { ...everything, remindAfter: '15_minutes', timing },
    accepts: isCritical,
    isInDigest: (event) => !isCritical(event),
  };
}

/**
 * Three channels for each account: one that accepts everything, and two with rules.
 *
 * @param digestAt when one of them has its digest, if any
 */
export function makeChannels(accounts: number, digestAt?: string): FaultChannel[] {
  const kinds = digestAt === undefined ? others : [...others, dailyDigest(digestAt)];
  return Array.from({ length: accounts * 3 }, (_, index) => {
    const account = Math.floor(index / 3);
    const kind =
      index % 3 === 0 ? acceptsAll : (kinds[(2 * account + (index % 3)) % kinds.length] ?? acceptsAll);
    const number = String(index + 1).padStart(3, '0');
    return { id: `C0FAULT${number}`, name: `faults-${number}`, accountId: `acct_${account + 1}`, ...kind };
  });
}
