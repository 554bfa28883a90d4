import type { Document } from 'mongodb';
import { limitsRepeats } from '../../domain/repeats.ts';
import { createAccountCache } from '../account-cache.ts';
import { cacheMutes } from '../cached-mutes.ts';
import type { DeliveryStore } from '../deliveries/store.ts';
import type { MuteStore } from '../mutes.ts';
import type { Write, WriteEnd, Writes } from '../watch-writes.ts';
import type { ServingChannel } from './document.ts';
import type { ChannelStore } from './store.ts';

const maxKept = 50_000;

/** Maximum of channels, or mutes, to read at the start; above it, each account's at its first event. */
const maxLoaded = 20_000;

/** @param listSimilar is called for channels that limit repeats */
export function cacheChannels(
  channels: ChannelStore,
  mutes: MuteStore,
  listSimilar: DeliveryStore['listSimilar'],
  writes: Writes,
): { channels: ChannelStore; load: () => Promise<void> } {
  const mutesByAccount = cacheMutes(mutes, writes);
  const accountOf = new Map<string, string>();
  const byAccount = createAccountCache<ServingChannel>({
    read: channels.listByAccounts,
    max: maxKept,
    onKeep(entries) {
      for (const { _id, accountId } of entries) if (accountId !== null) accountOf.set(_id, accountId);
    },
    onForget(entries) {
      for (const { _id } of entries) accountOf.delete(_id);
    },
  });

  writes.listen('channels', (write) => {
    const ids = idsOf(write);
    const endWrite = byAccount.beginWrite(ids?.flatMap((id) => accountOf.get(id) ?? []) ?? 'all');
    return (end) => endWrite(end.kind, accountsAfter(write, end));
  });

  async function load(): Promise<void> {
    await byAccount.load(() => channels.listAllServing(maxLoaded));
    await mutesByAccount.load(() => mutes.listAll(maxLoaded), [...new Set(accountOf.values())]);
  }

  const cached: ChannelStore = {
    ...channels,
    listByAccounts: byAccount.list,

    async listForDecisions({ accountIds, customerIds, similarKeys, now }) {
      const wanted = new Set(customerIds);
      const [serving, mutes] = await Promise.all([
        byAccount.list(accountIds),
        mutesByAccount.list(accountIds),
      ]);
      const limits = serving.some(({ rules }) => limitsRepeats(rules.repeatAfter));
      return {
        channels: serving,
        mutes: mutes.filter(({ customerId }) => wanted.has(customerId)),
        similar: limits ? await listSimilar(similarKeys, now) : [],
      };
    },

    async findSendable(id) {
      const accountId = accountOf.get(id);
      const served = accountId === undefined ? [] : await byAccount.list([accountId]);
      const found = served.find(({ _id }) => _id === id);
      return found === undefined ? channels.findSendable(id) : found.toSendable();
    },
  };
  return { channels: cached, load };
}

function idsOf({ method, filter: { _id } }: Write): readonly string[] | undefined {
  return typeof _id === 'string' && method !== 'bulkWrite' ? [_id] : undefined;
}

function accountsAfter({ method, update, options }: Write, end: WriteEnd): readonly string[] | 'all' {
  if (update === undefined || !JSON.stringify(update).includes('"accountId"')) return [];
  const isReturned = method === 'findOneAndUpdate' && options.returnDocument === 'after';
  if (!isReturned || end.kind !== 'done') return 'all';
  if (end.result === null) return [];
  const { accountId } = end.result as Document;
  if (accountId === undefined) return 'all';
  return typeof accountId === 'string' ? [accountId] : [];
}
