import type { Collection, Filter } from 'mongodb';
import { groupBy } from '../../lib/group-by.ts';
import { insertMissing } from '../bulk.ts';
import { type Tenancy, tenancyFilter } from '../tenancy.ts';
import type { DeliveryDocument } from './document.ts';
import type { Transition } from './states.ts';

const pageSize = 500;

type Found = Pick<DeliveryDocument, '_id' | 'reminder' | 'sequence'>;

export type ReminderStore = ReturnType<typeof createReminderStore>;

/**
 * Each time a reminder is withdrawn, its alert begins another round, which it writes to the next reminder. So a
 * process that still decides about an earlier round neither keeps nor replaces anything of this one.
 * @param change performs a transition of the deliveries that match
 */
export function createReminderStore(
  deliveries: Collection<DeliveryDocument>,
  change: (
    transition: Transition,
    which: Filter<DeliveryDocument>,
    now: Date,
    set: Partial<DeliveryDocument>,
  ) => Promise<number>,
) {
  /** @param limit 0 for none */
  function find(which: Filter<DeliveryDocument>, limit = 0): Promise<Found[]> {
    const filter = { ...which, 'reminder.of': { $type: 'string' } } as const;
    return deliveries.find<Found>(filter, { projection: { reminder: 1, sequence: 1 }, limit }).toArray();
  }

  /** Their alerts await a reminder again: at once, or if they are acknowledged, once that is undone. */
  async function beginRound(found: readonly Found[]): Promise<void> {
    await deliveries.updateMany({ _id: { $in: found.flatMap(({ reminder }) => reminder?.of ?? []) } }, [
      {
        $set: {
          awaitsReminder: { $eq: [{ $ifNull: ['$acknowledgedAt', null] }, null] },
          reminderRound: { $add: [{ $ifNull: ['$reminderRound', 0] }, 1] },
        },
      },
      { $unset: 'remindedAt' },
    ]);
  }

  return {
    /**
     * Lists channels with sent alerts that await a reminder, with when the first of these was sent. Reads at most a page
     * of a channel's alerts.
     */
    async listChannelsAwaitingReminder(): Promise<Map<string, Date>> {
      const firstSentAt = new Map<string, Date>();
      for (let last = ''; ; ) {
        const found = await deliveries
          .find(
            { awaitsReminder: true, state: 'sent', channelId: { $gt: last } },
            {
              projection: { _id: 0, channelId: 1, finishedAt: 1 },
              sort: { channelId: 1, finishedAt: 1 },
              limit: pageSize,
            },
          )
          .toArray();
        for (const { channelId, finishedAt } of found)
          if (finishedAt !== null && !firstSentAt.has(channelId)) firstSentAt.set(channelId, finishedAt);
        const end = found.at(-1);
        if (end === undefined || found.length < pageSize) return firstSentAt;
        last = end.channelId;
      }
    },

    /** Yields alerts that were sent until this instant and await a reminder. */
    async *listAwaitingReminder(channelId: string, until: Date): AsyncGenerator<DeliveryDocument[], void> {
      let after: Date | undefined;
      for (let last = ''; ; ) {
        const rest = { finishedAt: { $lte: until, ...(after !== undefined && { $gte: after }) } };
        const filter = { awaitsReminder: true as const, state: 'sent' as const, channelId, ...rest };
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

    /** Records those that do not exist yet, and replaces those that were withdrawn and not sent. */
    async recordReminders(reminders: readonly DeliveryDocument[]): Promise<void> {
      const taken = await insertMissing(deliveries, reminders);
      for (const [index, { _id, ...reminder }] of reminders.entries()) {
        const round = reminder.reminder?.round;
        if (!taken.has(index) || round === undefined) continue;
        const isEarlier = { 'reminder.round': { $not: { $gte: round } } };
        await deliveries.replaceOne({ _id, state: { $ne: 'sent' }, ...isEarlier }, reminder);
      }
    },

    /** Their alerts come first: if a process dies in between, the reminders are replaced. @returns how many */
    async withdrawReminders(
      state: 'pending' | 'held' | 'failed',
      tenancy: Tenancy,
      which: Filter<DeliveryDocument> = {},
    ): Promise<number> {
      for (let withdrawn = 0; ; ) {
        const found = await find({ ...which, state, ...tenancyFilter(tenancy) }, pageSize);
        if (found.length > 0) {
          await beginRound(found);
          await deliveries.deleteMany({ ...theseOnly(found), state });
        }
        withdrawn += found.length;
        if (found.length < pageSize) return withdrawn;
      }
    },

    /** Drops the reminders of acknowledged alerts, also failed ones. */
    async dropReminders(ids: readonly string[], now: Date): Promise<void> {
      const found = await find({ _id: { $in: [...ids] }, state: { $in: ['pending', 'held', 'failed'] } });
      if (found.length === 0) return;
      await beginRound(found);
      for (const transition of ['drop', 'abandon', 'dismiss'] as const)
        await change(transition, theseOnly(found), now, { lastError: 'acknowledged' });
    },

    /**
     * Records that the reminders of these were decided, unless they were withdrawn since the alerts were read.
     * @param remindedAt when they were recorded, if so
     */
    async markReminderDecided(
      alerts: readonly Pick<DeliveryDocument, '_id' | 'reminderRound'>[],
      remindedAt?: Date,
    ): Promise<void> {
      for (const [round, some] of groupBy(alerts, ({ reminderRound }) => reminderRound))
        await deliveries.updateMany(
          { _id: { $in: some.map(({ _id }) => _id) }, reminderRound: round ?? { $exists: false } },
          { $unset: { awaitsReminder: '' }, ...(remindedAt !== undefined && { $set: { remindedAt } }) },
        );
    },

    /** These alerts await a reminder again if the acknowledgement is undone. */
    async markReminderUndecided(ids: readonly string[]): Promise<void> {
      if (ids.length === 0) return;
      await deliveries.updateMany(
        { _id: { $in: [...ids] }, acknowledgedAt: { $ne: null } },
        { $set: { awaitsReminder: false } },
      );
    },
  };
}

/** One that was recorded anew meanwhile has another sequence. */
function theseOnly(found: readonly Found[]) {
  return {
    _id: { $in: found.map(({ _id }) => _id) },
    sequence: { $in: found.map(({ sequence }) => sequence) },
  };
}
