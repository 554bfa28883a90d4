import type { Collection, Filter } from 'mongodb';
import { type Tenancy, tenancyFilter } from '../tenancy.ts';
import { type DeliveryDocument, isAlert } from './document.ts';
import type { ReminderStore } from './reminders.ts';
import type { Transition } from './states.ts';

/** Numbers of failed deliveries that are tried again. */
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
     * Restarts the retries of failed alerts, and lets their reminders be decided again. Alerts that fail
     * again meanwhile stay failed, unless the clocks of processes differ by more than that takes.
     */
    async replay(tenancy: Tenancy, now: Date, ids?: readonly string[]): Promise<Replayed> {
      const asked = ids === undefined ? {} : { _id: { $in: [...ids] } };
      // Compares with the last failure and not with `now`, since the clocks of processes may differ.
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
