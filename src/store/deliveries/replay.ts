import type { Collection, Filter } from 'mongodb';
import { type Tenancy, tenancyFilter } from '../tenancy.ts';
import { type DeliveryDocument, isAlert } from './document.ts';
import type { ReminderStore } from './reminders.ts';
import type { Transition } from './states.ts';

/** How many deliveries that failed are tried again. */
export type Replayed = { alerts: number; reminders: number };

type Parts = {
  changeAll: (
    transition: Transition,
    which: Filter<DeliveryDocument>,
    now: Date,
    set: Partial<DeliveryDocument>,
  ) => Promise<number>;
  reminders: Pick<ReminderStore, 'withdrawReminders'>;
};

export function createReplay(deliveries: Collection<DeliveryDocument>, { changeAll, reminders }: Parts) {
  return {
    /**
     * Grants alerts that failed until now a full set of retries; whether to send a reminder is decided again. What
     * fails again meanwhile is left, unless the clocks of processes differ by more than that takes.
     * @returns how many
     */
    async replay(tenancy: Tenancy, now: Date, ids?: readonly string[]): Promise<Replayed> {
      const asked = ids === undefined ? {} : { _id: { $in: [...ids] } };
      // By the time of the last failure, since other processes' clocks may differ from this one's.
      const last = await deliveries.findOne(
        { state: 'failed', ...tenancyFilter(tenancy), ...asked },
        { projection: { finishedAt: 1 }, sort: { finishedAt: -1 } },
      );
      if (last === null) return { alerts: 0, reminders: 0 };
      const which = { finishedAt: { $lte: last.finishedAt }, ...asked };
      const withdrawn = await reminders.withdrawReminders('failed', tenancy, which);
      const alerts = await changeAll('replay', { ...which, ...tenancyFilter(tenancy), ...isAlert }, now, {
        attempts: 0,
        nextAttemptAt: now,
        split: null,
      });
      return { alerts, reminders: withdrawn };
    },
  };
}
