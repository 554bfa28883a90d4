import type { CustomerState } from './customer-state.ts';
import type { DigestInput } from './digest.ts';
import { countOf } from './wording.ts';

const reasons: Record<DigestInput['reason'], string> = {
  quiet_hours: 'While you were away',
  broken: 'While this channel was broken',
};

/** `While you were away: 14 alerts, 9 customers` */
export function digestHeading({ events, reason, part }: DigestInput, customers: number): string {
  const opening = part === 'continued' ? `${reasons[reason]} (continued)` : reasons[reason];
  return `${opening}: ${countOf(events.length, 'alert')}, ${countOf(customers, 'customer')}`;
}

/** What the heading does not say: how bad it is in all, and what is missing. May be none. */
export function digestNotes({ part }: DigestInput, states: readonly CustomerState[]): string[] {
  return [
    ...riskOverview(states),
    ...(part === 'first' ? ['Slack did not take this in one message: it continues below'] : []),
  ];
}

/** `and 37 more customers: see them in Perly` */
export function moreCustomers(count: number): string {
  return `and ${count} more ${count === 1 ? 'customer: see it' : 'customers: see them'} in Perly`;
}

/** `By risk level: 1 critical, 3 high`; a single customer's own entry says it. */
function riskOverview(states: readonly CustomerState[]): string[] {
  if (states.length === 1) return [];
  const times = new Map<string, number>();
  // Already the worst first, so that the levels come in that order too.
  for (const { riskLevel } of states)
    if (riskLevel !== undefined) times.set(riskLevel, (times.get(riskLevel) ?? 0) + 1);
  if (times.size === 0) return [];
  return [`By risk level: ${[...times].map(([level, count]) => `${count} ${level}`).join(', ')}`];
}
