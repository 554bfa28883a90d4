import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A button of the local Perly: pressed, it posts what `events` gives. */
export type PerlyButton = {
  id: string;
  label: string;
  group: string;
  /** @param at when the events happen; the body of the POST: one event, or `{events: […]}` */
  body(at: Date): object;
};

type Sample = { customer: { id: string; name: string; url: string }; signals: string[] };

const risk = read('customer-at-risk');
const drop = read('seed-example');
const hostile = read('hostile');

const storm = 40;

/** What the local Perly can post for an account: every type, every risk level, and what is hard to cope with. */
export function createBoard(accountId: string): PerlyButton[] {
  const event = (sample: object, at: Date, more: object = {}) => ({
    ...sample,
    id: `evt_${randomUUID()}`,
    account_id: accountId,
    occurred_at: at.toISOString(),
    ...more,
  });
  const one = (group: string, id: string, label: string, sample: object, more: object = {}): PerlyButton => ({
    id,
    label,
    group,
    body: (at) => event(sample, at, more),
  });
  const levels = ['Low', 'Medium', 'High', 'Critical'].map((label) => {
    const level = label.toLowerCase();
    return one('Customer at risk', `risk-${level}`, label, risk, { risk_level: level, summary: undefined });
  });
  const cut = { ...hostile, signals: hostile.signals.map((signal) => signal.slice(0, 200)) };
  return [
    ...levels,
    one('Other events', 'drop', 'Health score drop', drop),
    one('Other events', 'expansion', 'Expansion signal', read('expansion-signal')),
    one('Other events', 'upsell', 'Upsell opportunity', read('upsell-opportunity')),
    one('Other events', 'billing', 'Billing retry failed', read('billing-retry-failed')),
    {
      id: 'storm',
      label: `A storm of ${storm}`,
      group: 'Hard cases',
      body: (at) => ({
        events: Array.from({ length: storm }, (_, index) =>
          event(drop, at, { customer: numbered(drop, index + 1) }),
        ),
      }),
    },
    one('Hard cases', 'hostile', 'Hostile texts', cut),
    one('Hard cases', 'invalid', 'An event that is refused', hostile),
  ];
}

function numbered({ customer }: Sample, number: number): Sample['customer'] {
  const { id, name, url } = customer;
  return { id: `${id}_${number}`, name: `${name} ${number}`, url: `${url}_${number}` };
}

function read(name: string): Sample {
  return JSON.parse(readFileSync(new URL(`../events/${name}.json`, import.meta.url), 'utf8'));
}
