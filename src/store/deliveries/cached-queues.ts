import type { Writes } from '../watch-writes.ts';
import type { DeliveryDocument } from './document.ts';
import { byPriorityThenSequence, firstDue } from './queries.ts';
import { createQueueMemory } from './queue-memory.ts';
import type { DeliveryStore } from './store.ts';

/**
 * Caches queues in a process that is alone on its database. After a write that `queue-memory.ts` does not
 * follow, a channel's queue is read again when it is needed.
 */
export function cacheQueues(
  deliveries: DeliveryStore,
  writes: Writes,
): { deliveries: DeliveryStore; load: () => Promise<void> } {
  const memory = createQueueMemory(writes);

  async function listPendingOf(channelId: string): Promise<readonly DeliveryDocument[] | undefined> {
    const known = memory.pendingOf(channelId);
    if (known !== undefined) return known;
    return memory.read(
      channelId,
      () => deliveries.listFewPending(channelId),
      (pending) => ({ pending }),
    );
  }

  async function isHolding(channelId: string): Promise<boolean> {
    const known = memory.isHolding(channelId);
    if (known !== undefined) return known;
    return memory.read(
      channelId,
      () => deliveries.hasHeld(channelId),
      (isHeld) => ({ isHolding: isHeld }),
    );
  }

  const cached: DeliveryStore = {
    ...deliveries,

    async listWaiting(tenancy, now, limits) {
      const { channelId, accountId } = tenancy;
      const [known, holds] = await Promise.all([
        listPendingOf(channelId),
        limits.held > 0 && isHolding(channelId),
      ]);
      const held = holds ? limits.held : 0;
      if (known === undefined) return deliveries.listWaiting(tenancy, now, { ...limits, held });
      const own = known.filter((delivery) => delivery.accountId === accountId);
      return {
        pending: own.toSorted(byPriorityThenSequence).slice(0, limits.pending),
        held: held === 0 ? [] : await deliveries.listWaitingHeld(tenancy, now, held),
      };
    },

    async findDue(of, now, until = now) {
      const { channelId, accountId } = of;
      const [known, holds] = await Promise.all([listPendingOf(channelId), isHolding(channelId)]);
      if (known === undefined || holds) return deliveries.findDue(of, now, until);
      return firstDue(
        known.filter(({ nextAttemptAt }) => nextAttemptAt <= until),
        accountId,
      );
    },

    forgetQueues: memory.forget,
  };

  return {
    deliveries: cached,
    load: () => memory.load(() => deliveries.listUnfinishedChannels()),
  };
}
