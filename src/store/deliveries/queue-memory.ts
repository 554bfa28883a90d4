import type { Document } from 'mongodb';
import { maxLateWriteMs, type Write, type Writes } from '../watch-writes.ts';
import type { DeliveryDocument } from './document.ts';
import { channelOfDelivery } from './document.ts';

/** Holds what waits in a channel, of any account; `undefined` means that it is not known. */
type Queue = {
  pending: readonly DeliveryDocument[] | undefined;
  isHolding: boolean | undefined;
};

const unknown: Queue = { pending: undefined, isHolding: undefined };
const empty: Queue = { pending: [], isHolding: false };

/** A longer queue is not kept. */
const maxPending = 200;

/** A queue that would exceed it is not kept. */
const maxPendingInTotal = 50_000;

type Channels = readonly string[] | 'all';

/**
 * Applies inserts and sends to the queues once they are durable. Other writes make the queues of their
 * channels unknown until they are read again; results that were read during a write, or after one whose end
 * is unknown, are not kept.
 */
export function createQueueMemory(writes: Writes) {
  const queues = new Map<string, Queue>();
  let pendingInTotal = 0;
  /** If true, a channel without an entry has nothing waiting. */
  let isLoaded = false;
  const writing = new Map<string, number>();
  let writingAll = 0;
  const reads = new Map<string, Set<{ isValid: boolean }>>();
  let loading: { isValid: boolean } | undefined;
  let keepsNothingUntil = 0;

  const queueOf = (channelId: string): Queue => queues.get(channelId) ?? (isLoaded ? empty : unknown);

  function set(channelId: string, { pending, isHolding }: Queue): void {
    const others = pendingInTotal - (queues.get(channelId)?.pending?.length ?? 0);
    const kept = others + (pending?.length ?? 0) > maxPendingInTotal ? undefined : pending;
    pendingInTotal = others + (kept?.length ?? 0);
    if (isLoaded && kept?.length === 0 && isHolding === false) queues.delete(channelId);
    else queues.set(channelId, { pending: kept, isHolding });
  }

  function forget(channels: Channels): void {
    if (channels !== 'all') for (const channelId of channels) set(channelId, unknown);
    else {
      queues.clear();
      pendingInTotal = 0;
      isLoaded = false;
      if (loading !== undefined) loading.isValid = false;
    }
  }

  /** Invalidates reads of these channels that are in progress. */
  function invalidateReads(channels: Channels): void {
    const all = channels === 'all' ? reads.values() : channels.map((id) => reads.get(id) ?? []);
    for (const some of all) for (const read of some) read.isValid = false;
  }

  function count(channels: Channels, change: 1 | -1): void {
    if (channels === 'all') writingAll += change;
    else
      for (const id of channels) {
        const left = (writing.get(id) ?? 0) + change;
        if (left === 0) writing.delete(id);
        else writing.set(id, left);
      }
  }

  function add(documents: readonly DeliveryDocument[]): void {
    for (const delivery of documents) {
      const { channelId, state } = delivery;
      const queue = queueOf(channelId);
      if (state === 'held') set(channelId, { ...queue, isHolding: true });
      else if (state === 'pending') {
        const pending = queue.pending && [...queue.pending, delivery];
        set(channelId, { ...queue, pending: (pending?.length ?? 0) > maxPending ? undefined : pending });
      }
    }
  }

  function remove(ids: ReadonlySet<unknown>, channels: readonly string[]): void {
    for (const channelId of channels) {
      const queue = queueOf(channelId);
      if (queue.pending !== undefined)
        set(channelId, { ...queue, pending: queue.pending.filter(({ _id }) => !ids.has(_id)) });
    }
  }

  writes.listen('deliveries', (write) => {
    const effect = effectOf(write);
    const { channels } = effect;
    const begin = () => {
      invalidateReads(channels);
      if (effect.kind === 'other') forget(channels);
    };
    begin();
    count(channels, 1);
    return (end) => {
      count(channels, -1);
      begin();
      if (end.kind !== 'done') {
        forget(channels);
        if (end.kind === 'unknown') keepsNothingUntil = performance.now() + maxLateWriteMs;
      } else if (effect.kind === 'insert') add(effect.documents);
      else if (effect.kind === 'send') remove(effect.ids, effect.channels);
      else if (effect.kind === 'endHeld')
        for (const id of effect.channels) set(id, { ...queueOf(id), isHolding: undefined });
    };
  });

  return {
    pendingOf: (channelId: string) => queueOf(channelId).pending,
    isHolding: (channelId: string) => queueOf(channelId).isHolding,
    forget: (channelIds: readonly string[]) => forget(channelIds),

    /** Keeps the result unless a write may have changed it meanwhile. */
    async read<T>(
      channelId: string,
      find: () => Promise<T>,
      toPart: (found: T) => Partial<Queue>,
    ): Promise<T> {
      const read = { isValid: true };
      const others = reads.get(channelId) ?? new Set();
      reads.set(channelId, others.add(read));
      try {
        const found = await find();
        const isCurrent = read.isValid && writingAll === 0 && !writing.has(channelId);
        if (isCurrent && performance.now() >= keepsNothingUntil)
          set(channelId, { ...queueOf(channelId), ...toPart(found) });
        return found;
      } finally {
        others.delete(read);
        if (others.size === 0) reads.delete(channelId);
      }
    },

    /** Reads which channels have something waiting; all others have nothing from then on. */
    async load(list: () => Promise<readonly string[]>): Promise<void> {
      const load = { isValid: true };
      loading = load;
      for (const channelId of await list()) if (!queues.has(channelId)) queues.set(channelId, unknown);
      isLoaded = load.isValid;
    },
  };
}

type Effect =
  | { kind: 'insert'; channels: readonly string[]; documents: readonly DeliveryDocument[] }
  | { kind: 'send'; channels: readonly string[]; ids: ReadonlySet<unknown> }
  | { kind: 'endHeld'; channels: readonly string[] }
  | { kind: 'other'; channels: Channels };

function effectOf({ method, documents, filter, update }: Write): Effect {
  if (documents.length > 0) return insertOf(documents as readonly DeliveryDocument[]);
  const ids: unknown = typeof filter._id === 'string' ? [filter._id] : filter._id?.$in;
  const { channelId } = filter;
  if (!Array.isArray(ids))
    return { kind: 'other', channels: typeof channelId === 'string' ? [channelId] : 'all' };
  const channels = channelsOf(ids);
  if (channels === undefined) return { kind: 'other', channels: 'all' };
  const from: unknown = method === 'updateMany' ? filter.state : undefined;
  const to: unknown = (update as Document | undefined)?.$set?.state;
  if (from === 'pending' && to === 'sent') return { kind: 'send', channels, ids: new Set(ids) };
  if (from === 'held' && (to === 'sent' || to === 'dropped')) return { kind: 'endHeld', channels };
  return { kind: 'other', channels };
}

function insertOf(documents: readonly DeliveryDocument[]): Effect {
  // Later writes name the deliveries only by their keys.
  if (documents.some(({ _id, channelId }) => channelOfDelivery(_id) !== channelId))
    return { kind: 'other', channels: 'all' };
  return { kind: 'insert', documents, channels: [...new Set(documents.map(({ channelId }) => channelId))] };
}

function channelsOf(ids: readonly unknown[]): string[] | undefined {
  const channels = new Set<string>();
  for (const id of ids) {
    const channelId = channelOfDelivery(String(id));
    if (channelId === undefined) return undefined;
    channels.add(channelId);
  }
  return [...channels];
}
