import { maxQueryLength, toSearchable } from '../domain/time-zone-index.ts';
import { createExpiringCache } from '../lib/expiring-cache.ts';
import type { NamedCustomer } from '../store/event-history.ts';
import type { EventStore } from '../store/events.ts';

/** Long enough that customers are read once while somebody types a name. */
const maxAgeMs = 10_000;

const maxAccounts = 20;

export type CustomerSearch = ReturnType<typeof createCustomerSearch>;

export function createCustomerSearch(events: Pick<EventStore, 'listCustomers' | 'findCustomer'>) {
  const known = createExpiringCache<Promise<NamedCustomer[]>>({
    max: maxAccounts,
    ttl: maxAgeMs,
    memoMethod(accountId) {
      const reading = events.listCustomers(accountId);
      reading.catch(() => known.delete(accountId));
      return reading;
    },
  });
  const list = (accountId: string) => known.memo(accountId);

  return {
    /** Lists the latest first. */
    list,

    find: events.findCustomer,

    /** Customers whose names start with the query come first, then the latest. */
    async search(accountId: string, query: string): Promise<NamedCustomer[]> {
      if (query.length > maxQueryLength) return [];
      const wanted = toSearchable(query);
      const places = (await list(accountId)).map((customer) => ({
        customer,
        place: customer.id === query ? 0 : toSearchable(customer.name).indexOf(wanted),
      }));
      const found = places
        .filter(({ place }) => place !== -1)
        .toSorted((a, b) => Math.sign(a.place) - Math.sign(b.place))
        .map(({ customer }) => customer);
      if (found.length > 0) return found;
      const byId = await events.findCustomer(accountId, query.trim());
      return byId === undefined ? [] : [byId];
    },
  };
}
