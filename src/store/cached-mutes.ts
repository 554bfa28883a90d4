import { type AccountCache, createAccountCache } from './account-cache.ts';
import type { Mute, MuteStore } from './mutes.ts';
import { accountOfMute } from './mutes.ts';
import type { Write, Writes } from './watch-writes.ts';

const maxKept = 100_000;

export function cacheMutes(mutes: MuteStore, writes: Writes): AccountCache<Mute> {
  const byAccount = createAccountCache<Mute>({ read: mutes.listByAccounts, max: maxKept });
  writes.listen('mutes', (write) => {
    const endWrite = byAccount.beginWrite(accountsOf(write));
    return (end) => endWrite(end.kind);
  });
  return byAccount;
}

function accountsOf({ method, filter: { _id, accountId } }: Write): readonly string[] | 'all' {
  if (method.startsWith('insert') || method === 'bulkWrite') return 'all';
  if (typeof accountId === 'string') return [accountId];
  return typeof _id === 'string' ? [accountOfMute(_id)] : 'all';
}
