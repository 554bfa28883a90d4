import type { Collection, Filter } from 'mongodb';
import { type Tenancy, tenancyFilter } from '../tenancy.ts';
import type { DeliveryDocument } from './document.ts';

const pageSize = 500;

export function createReminderStore(deliveries: Collection<DeliveryDocument>) {
  return {
    /** Yields alerts that were sent until this instant and await a reminder. */
    async *listAwaitingReminder(until: Date): AsyncGenerator<DeliveryDocument[], void> {
      let after: Date | undefined;
      for (let last = ''; ; ) {
        const rest = { finishedAt: { $lte: until, ...(after !== undefined && { $gte: after }) } };
        const filter = { awaitsReminder: true as const, state: 'sent' as const, ...rest };
        const found = await deliveries
          .find(
            after === undefined
              ? filter
              : { ...filter, $or: [{ finishedAt: { $gt: after } }, { _id: { $gt: last } }] },
            {
              sort: { finishedAt: 1, _id: 1 },
              limit: pageSize,
            },
          )
          .toArray();
        const end = found.at(-1);
        if (end === undefined) return;
        yield found;
        if (found.length < pageSize) return;
        after = end.finishedAt ?? until;
        last = end._id;
      }
    },

    /** Their alerts await one again first: a process that dies in between loses none. @returns how many */
    async withdrawReminders(
      state: 'pending' | 'held' | 'failed',
      tenancy: Tenancy,
      which: Filter<DeliveryDocument> = {},
    ): Promise<number> {
      const found = await deliveries
        .find(
          { ...which, state, ...tenancyFilter(tenancy), reminder: { $exists: true } },
          { projection: { reminder: 1 } },
        )
        .toArray();
      if (found.length === 0) return 0;
      await deliveries.updateMany(
        { _id: { $in: found.flatMap(({ reminder }) => reminder?.of ?? []) } },
        { $set: { awaitsReminder: true }, $unset: { remindedAt: '' } },
      );
      await deliveries.deleteMany({ _id: { $in: found.map(({ _id }) => _id) }, state });
      return found.length;
    },

    /** Records that the reminders of these were decided. @param remindedAt when they were recorded, if so */
    async settleReminders(ids: readonly string[], remindedAt?: Date): Promise<void> {
      if (ids.length === 0) return;
      await deliveries.updateMany(
        { _id: { $in: [...ids] } },
        { $unset: { awaitsReminder: '' }, ...(remindedAt !== undefined && { $set: { remindedAt } }) },
      );
    },

    /** These alerts await a reminder again if the acknowledgement is undone. */
    async settleAcknowledged(ids: readonly string[]): Promise<void> {
      if (ids.length === 0) return;
      await deliveries.updateMany(
        { _id: { $in: [...ids] }, acknowledgedAt: { $ne: null } },
        { $set: { awaitsReminder: false } },
      );
    },
  };
}
