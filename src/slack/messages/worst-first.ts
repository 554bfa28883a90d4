import type { PerlyEvent } from '../../perly/event.ts';
import { type CustomerState, severity, toCustomerState } from './customer-state.ts';
import { type Arrivals, orderingTime } from './ordering-time.ts';

/**
 * The customers of these events: by risk level as it is now, then by the score that they lost, then the most recent
 * first, then as they arrived.
 *
 * @param events in order of arrival, all of one account
 * @param arrivals when they came
 */
export function worstFirst(events: readonly PerlyEvent[], arrivals?: Arrivals): CustomerState[] {
  const byCustomer = new Map<string, [PerlyEvent, ...PerlyEvent[]]>();
  for (const event of events) {
    const others = byCustomer.get(event.customer.id);
    if (others === undefined) byCustomer.set(event.customer.id, [event]);
    else others.push(event);
  }
  return [...byCustomer.values()]
    .map((alerts) => toCustomerState(alerts, arrivals))
    .sort(
      (a, b) =>
        severity(b.riskLevel) - severity(a.riskLevel) ||
        (a.score?.change ?? 0) - (b.score?.change ?? 0) ||
        orderingTime(b.latest, arrivals) - orderingTime(a.latest, arrivals),
    );
}
