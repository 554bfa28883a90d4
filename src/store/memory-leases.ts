import type { LeaseStore } from './leases.ts';

/** Creates the leases of one holder; the leases of several holders exclude each other. */
export type CreateLeases = (holder: string) => LeaseStore;

/** Leases of a process that is alone on its database: they end with it, so they need no expiry. */
export function createMemoryLeases(): { of: CreateLeases; count(): number } {
  const leases = new Map<string, { holder: string; isWanted: boolean }>();

  function take(id: string, holder: string): boolean {
    const present = leases.get(id);
    if (present === undefined) leases.set(id, { holder, isWanted: false });
    else if (present.holder !== holder) present.isWanted = true;
    return present === undefined || present.holder === holder;
  }

  return {
    count: () => leases.size,

    of: (holder) => {
      const isOurs = (id: string) => leases.get(id)?.holder === holder;
      return {
        acquire: async (id) => take(id, holder),

        acquireAll: async (ids) => new Set(ids.filter((id) => take(id, holder))),

        renew: async (ids) => new Set(ids.filter(isOurs)),

        async release(ids) {
          const own = ids.filter(isOurs);
          const isWanted = own.some((id) => leases.get(id)?.isWanted);
          for (const id of own) leases.delete(id);
          return isWanted;
        },

        // There is nobody to offer leases to, since all holders end together.
        async offer() {},

        listAbandoned: async () => [],

        listFree: async (ids) => ids.filter((id) => !leases.has(id)),
      };
    },
  };
}
