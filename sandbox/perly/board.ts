import { randomUUID } from 'node:crypto';
import { ownedBy, readSample, type Sample, withoutScore } from './read-sample.ts';

export type PerlyButton = {
  id: string;
  label: string;
  group: string;
  /** @param at when the events happen */
  make(at: Date): Posted;
};

/** `eventId` is that of the first event. */
type Posted = { body: object; eventId: string };

const burst = 40;

type PerlyAddress = { accountId: string; perlyAppUrl: string };

/** Every event type, every risk level, and difficult events. */
export function createBoard({ accountId, perlyAppUrl }: PerlyAddress): PerlyButton[] {
  const read = (name: string) => readSample(name, perlyAppUrl);
  const risk = ownedBy(read('customer-at-risk'), { id: 'own_ana', name: 'Ana Sousa' });
  const drop = ownedBy(read('seed-example'), { id: 'own_ben', name: 'Ben Ortiz' });
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
    make: (at) => {
      const body = event(sample, at, more);
      return { body, eventId: body.id };
    },
  });
  const levels = ['Low', 'Medium', 'High', 'Critical'].map((label) => {
    const level = label.toLowerCase();
    return one('Customer at risk', `risk-${level}`, label, risk, { risk_level: level, summary: undefined });
  });
  return [
    ...levels,
    one('Other events', 'drop', 'Health score drop', drop),
    one('Other events', 'expansion', 'Expansion signal', read('expansion-signal')),
    one('Other events', 'upsell', 'Upsell opportunity', read('upsell-opportunity')),
    one('Other events', 'billing', 'Billing retry failed', read('billing-retry-failed')),
    {
      id: 'burst',
      label: `A burst of ${burst}`,
      group: 'Hard cases',
      make: (at) => {
        const first = event(drop, at, { customer: numbered(drop, 1) });
        const others = Array.from({ length: burst - 1 }, (_, index) =>
          event(drop, at, { customer: numbered(drop, index + 2) }),
        );
        return { body: { events: [first, ...others] }, eventId: first.id };
      },
    },
    one('Hard cases', 'hostile', 'Hostile texts', read('hostile')),
    one('Hard cases', 'invalid', 'An invalid event', withoutScore(drop)),
  ];
}

function numbered({ customer }: Sample, number: number): Sample['customer'] {
  const { id, name, url } = customer;
  return { id: `${id}_${number}`, name: `${name} ${number}`, url: `${url}_${number}` };
}
