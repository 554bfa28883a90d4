import { createAccountCache } from './account-cache.ts';
import type { Mute, MuteStore } from './mutes.ts';
import { accountOfMute } from './mutes.ts';
import type { Write, Writes } from './watch-writes.ts';

/** Mutes kept in memory; installations with more read the others. */
const maxKept = 100_000;

/** Mutes read at the start; if there are more, each account's are read when it first gets an event. */
const maxLoaded = 20_000;

/**
 * Keeps the mutes of accounts in memory, for a process that is alone on its database.
 * @returns the store, and a function that reads all of them, unless they are too many
 */
export function cacheMutes(
  mutes: MuteStore,
  writes: Writes,
): { mutes: MuteStore; load: (accountIds: readonly string[]) => Promise<void> } {
  const byAccount = createAccountCache<Mute>({ read: mutes.listByAccounts, max: maxKept });
  writes.listen('mutes', (write) => {
    const endWrite = byAccount.beginWrite(accountsOf(write));
    return (end) => endWrite(end.kind);
  });
  const cached: MuteStore = {
    ...mutes,
    async listByCustomers(accountIds, customerIds) {
      const wanted = new Set(customerIds);
      return (await byAccount.list(accountIds)).filter(({ customerId }) => wanted.has(customerId));
    },
  };
  return { mutes: cached, load: (accountIds) => byAccount.load(() => mutes.listAll(maxLoaded), accountIds) };
}

function accountsOf({ method, filter: { _id, accountId } }: Write): readonly string[] | 'all' {
  if (method.startsWith('insert') || method === 'bulkWrite') return 'all';
  if (typeof accountId === 'string') return [accountId];
  return typeof _id === 'string' ? [accountOfMute(_id)] : 'all';
}
