import type { LeaseStore } from './leases.ts';

/** Creates the leases of one holder. Those of several holders exclude each other. */
export type CreateLeases = (holder: string) => LeaseStore;

/**
 * Leases of a process that is alone on its database: never written, so they end with the process. Then nobody sends
 * any more, and the next process finds every channel free.
 *
 * They need no expiry, since every holder lives as long as they do: a lease is held until it is released.
 */
export function createMemoryLeases(): { of: CreateLeases; count(): number } {
  const holders = new Map<string, string>();

  function take(id: string, holder: string): boolean {
    const present = holders.get(id);
    if (present === undefined) holders.set(id, holder);
    return present === undefined || present === holder;
  }

  return {
    count: () => holders.size,

    of: (holder) => {
      const isOurs = (id: string) => holders.get(id) === holder;
      return {
        acquire: async (id) => take(id, holder),

        acquireAll: async (ids) => new Set(ids.filter((id) => take(id, holder))),

        renew: async (ids) => new Set(ids.filter(isOurs)),

        async release(ids) {
          for (const id of ids) if (isOurs(id)) holders.delete(id);
          return undefined;
        },

        // Nobody dies without all the others.
        listAbandoned: async () => [],

        listFree: async (ids) => ids.filter((id) => !holders.has(id)),
      };
    },
  };
}
