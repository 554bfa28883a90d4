import type { Db, Filter, FindOptions, UpdateFilter } from 'mongodb';
import { createBatcher } from '../../lib/batcher.ts';
import { deleteAll, insertMissing } from '../bulk.ts';
import { createOpeningQueries } from '../delivery-openings.ts';
import { eventKeysOf } from '../events.ts';
import { listTenancies } from '../list-tenancies.ts';
import { afterRetention } from '../retention.ts';
import { type Tenancy, tenancyFilter } from '../tenancy.ts';
import { createActivityQueries } from './activity.ts';
import { type DeliveryDocument, isAlert, type Split } from './document.ts';
import { createDeliveryQueries } from './queries.ts';
import { createReminderStore } from './reminders.ts';
import { createRepeatStore } from './repeats.ts';
import { createReplay } from './replay.ts';
import { createSplits } from './splits.ts';
import { deliveryStates, isFinished, type Transition, transitions } from './states.ts';
import { summariseDeliveries } from './summary.ts';

const disconnected = { lastError: 'disconnected' };

/** Maximum number of deliveries that one command changes, unless their ids are given. */
const maxChanged = 500;

/** Option of writes that are sent at once, however busy the process is. */
const noLinger = { lingerMs: () => 0 };

export type DeliveryStore = ReturnType<typeof createDeliveryStore>;

export type OnChange = (transition: Transition, count: number, lastError: string | null) => void;

/** Each transition is an update that is guarded by the state that it leaves. */
export function createDeliveryStore(db: Db, onChange: OnChange = () => {}) {
  const deliveries = db.collection<DeliveryDocument>('deliveries');
  const reminders = createReminderStore(deliveries, change);

  /** @returns how many deliveries matched */
  async function change(
    transition: Transition,
    which: Filter<DeliveryDocument>,
    now: Date,
    set: Partial<DeliveryDocument> = {},
    increment?: UpdateFilter<DeliveryDocument>['$inc'],
  ): Promise<number> {
    const { from, to } = transitions[transition];
    const end = isFinished(to)
      ? { finishedAt: now, expiresAt: afterRetention(now) }
      : { finishedAt: null, expiresAt: null };
    const { matchedCount } = await deliveries.updateMany(
      { ...which, state: from },
      { $set: { state: to, ...end, ...set }, ...(increment !== undefined && { $inc: increment }) },
    );
    onChange(transition, matchedCount, set.lastError ?? null);
    return matchedCount;
  }

  /** Works in parts, since the embedded store serves nobody else during a command. */
  async function changeAll(
    transition: Transition,
    which: Filter<DeliveryDocument>,
    now: Date,
    set: Partial<DeliveryDocument>,
  ): Promise<number> {
    const { from } = transitions[transition];
    const options = { projection: { _id: 1 }, limit: maxChanged };
    for (let changed = 0; ; ) {
      const found = await list({ ...which, state: from }, options);
      if (found.length === 0) return changed;
      changed += await change(transition, { ...which, ...among(found.map(({ _id }) => _id)) }, now, set);
    }
  }

  /**
   * Records many messages with one command and the latest of their times. It does not linger: after a crash,
   * unrecorded messages would be sent again.
   */
  function finish(transition: 'send' | 'sendHeld') {
    const together = createBatcher(async (messages: readonly { ids: readonly string[]; now: Date }[]) => {
      const now = new Date(Math.max(...messages.map((message) => message.now.getTime())));
      const sent = among(messages.flatMap(({ ids }) => ids));
      const count = await change(transition, sent, now, { lastError: null });
      // Otherwise, a reminder whose alert was acknowledged meanwhile would be sent again if that was undone.
      if (count < sent._id.$in.length)
        await change('sendDropped', { ...sent, reminder: { $exists: true } }, now, { lastError: null });
      return messages.map(() => undefined);
    }, noLinger);
    return (ids: readonly string[], now: Date): Promise<undefined> => together({ ids, now });
  }

  const among = (ids: readonly string[]) => ({ _id: { $in: [...ids] } });

  const list = (filter: Filter<DeliveryDocument>, options?: FindOptions): Promise<DeliveryDocument[]> =>
    deliveries.find(filter, options).toArray();

  return {
    ...createDeliveryQueries(deliveries),
    ...createOpeningQueries(deliveries),
    ...createSplits(deliveries),
    ...reminders,
    ...createRepeatStore(deliveries),
    ...createReplay(deliveries, { changeAll, reminders }),
    ...createActivityQueries(deliveries),

    /** Returns summaries by channel id, none for a channel that waits for an account. */
    summarise: (channels: Parameters<typeof summariseDeliveries>[1]) =>
      summariseDeliveries(deliveries, channels),

    /** Has an effect only where queues are kept in memory. */
    forgetQueues(_channelIds: readonly string[]): void {},

    /** @returns the positions of documents that exist already, or whose claims do */
    insert: (documents: readonly DeliveryDocument[]): Promise<Set<number>> =>
      insertMissing(deliveries, documents),

    listByIds(ids: readonly string[]): Promise<DeliveryDocument[]> {
      return list(among(ids));
    },

    listByRefs(tenancy: Tenancy, refs: readonly string[]): Promise<DeliveryDocument[]> {
      return list({ ref: { $in: [...refs] }, ...tenancyFilter(tenancy) });
    },

    async findChannelOfRef(ref: string): Promise<string | undefined> {
      return (await deliveries.findOne({ ref }, { projection: { channelId: 1 } }))?.channelId;
    },

    /** Lists the deliveries of the same message: those that are sent together have the same `finishedAt`. */
    listSentWith({ channelId, accountId, finishedAt }: DeliveryDocument): Promise<DeliveryDocument[]> {
      return list(
        { state: 'sent', channelId, accountId, finishedAt, digest: { $ne: null } },
        { sort: { sequence: 1 } },
      );
    },

    async acknowledge(ids: readonly string[], userId: string, now: Date): Promise<void> {
      await deliveries.updateMany(
        { ...among(ids), acknowledgedAt: null },
        {
          $set: { acknowledgedBy: userId, acknowledgedAt: now },
          $unset: { acknowledgementUndone: '' },
        },
      );
    },

    /** Undoes acknowledgements by anybody, or by one person, until an instant. @returns their number */
    async undoAcknowledge(
      ids: readonly string[],
      { until, acknowledgedBy }: { until: Date; acknowledgedBy?: string },
      undone: { by: string; at: Date },
    ): Promise<number> {
      const which = {
        ...among(ids),
        acknowledgedAt: { $type: 'date', $lte: until },
        ...(acknowledgedBy !== undefined && { acknowledgedBy }),
      } as const;
      const { modifiedCount } = await deliveries.updateMany(which, [
        {
          $set: {
            acknowledgedBy: null,
            acknowledgedAt: null,
            acknowledgementUndone: { $literal: undone },
            // A missing one stays missing.
            awaitsReminder: { $cond: [{ $eq: ['$awaitsReminder', false] }, true, '$awaitsReminder'] },
          },
        },
      ]);
      return modifiedCount;
    },

    send: finish('send'),

    fail: (ids: readonly string[], now: Date, lastError: string) =>
      change('fail', among(ids), now, { lastError }),

    postpone: (ids: readonly string[], now: Date, nextAttemptAt: Date, lastError: string) =>
      change('postpone', among(ids), now, { nextAttemptAt, lastError }, { attempts: 1 }),

    /** Keeps them `pending` after a refusal, to be sent at once as `split` says. */
    refuse: (ids: readonly string[], split: Split, now: Date, lastError: string) =>
      change('refuse', among(ids), now, { split, nextAttemptAt: now, lastError }),

    /** Keeps them `pending` after a further failure, to be sent at once as `split` says. */
    split: (ids: readonly string[], split: Split, now: Date, lastError: string) =>
      change('split', among(ids), now, { split, nextAttemptAt: now, lastError }),

    /** Keeps them `pending`; it is unknown whether Slack accepted their message. */
    countLostAnswer: (ids: readonly string[], now: Date) =>
      change('loseAnswer', among(ids), now, {}, { lostAnswers: 1 }),

    /** Counts for a delivery that a broken channel was tried with: it stays `held` or `dropped`. */
    async countTriedLostAnswer(id: string, now: Date): Promise<void> {
      for (const transition of ['loseAnswerOfHeld', 'loseAnswerOfDropped'] as const)
        if ((await change(transition, among([id]), now, {}, { lostAnswers: 1 })) > 0) return;
    },

    /** Holds a broken channel's alerts. Reminders are recorded anew once the channel works again. */
    async hold(tenancy: Tenancy, now: Date): Promise<void> {
      await reminders.withdrawReminders('pending', tenancy);
      await changeAll('hold', { ...tenancyFilter(tenancy), ...isAlert }, now, {
        digest: 'broken',
        attempts: 0,
        nextAttemptAt: now,
        split: null,
      });
    },

    holdUntil: (ids: readonly string[], nextAttemptAt: Date, rulesEpoch: number, now: Date) =>
      change('holdUntil', among(ids), now, { nextAttemptAt, rulesEpoch }),

    sendHeld: finish('sendHeld'),

    /** Marks a delivery that a broken channel was tried with, even if it was dropped meanwhile. */
    async sendTried(id: string, now: Date): Promise<void> {
      for (const transition of ['sendHeld', 'sendDropped'] as const)
        if ((await change(transition, among([id]), now, { lastError: null })) > 0) return;
    },

    requeueHeld: (ids: readonly string[], now: Date) =>
      change('release', among(ids), now, { nextAttemptAt: now }),

    async keep(ids: readonly string[], rulesEpoch: number): Promise<void> {
      await deliveries.updateMany(among(ids), { $set: { rulesEpoch } });
    },

    async drop(ids: readonly string[], reason: string, now: Date): Promise<void> {
      await change('drop', among(ids), now, { lastError: reason });
      await change('abandon', among(ids), now, { lastError: reason });
    },

    dismiss: (ids: readonly string[], reason: string, now: Date) =>
      change('dismiss', among(ids), now, { lastError: reason }),

    /**
     * Drops all `held`, `pending` and `failed` deliveries.
     * @param until keeps later ones, from another period in which the channel serves the account
     */
    async endTenancy(tenancy: Tenancy, until: Date, now: Date): Promise<void> {
      const left = { ...tenancyFilter(tenancy), createdAt: { $lte: until } };
      for (const transition of ['drop', 'abandon', 'dismiss'] as const)
        await changeAll(transition, left, now, disconnected);
    },

    listHeld(tenancy: Tenancy, limit: number): Promise<DeliveryDocument[]> {
      return list({ state: 'held', ...tenancyFilter(tenancy) }, { limit });
    },

    /** Deletes those that were dropped because they moved, or because the channel was disconnected. */
    async forgetEnded(ids: readonly string[]): Promise<void> {
      const ended = { $in: ['moved', 'disconnected'] };
      await deliveries.deleteMany({ ...among(ids), state: 'dropped', lastError: ended });
    },

    /** Deletes what was recorded for any account until an instant. */
    async removeOfChannel(channelId: string, until: Date): Promise<void> {
      for (const state of deliveryStates)
        await deleteAll(deliveries, { state, channelId, createdAt: { $lte: until } });
    },

    removeOfAccount: (accountId: string, until: Date) =>
      deleteAll(deliveries, { _id: eventKeysOf(accountId), createdAt: { $lte: until } }),

    /** Latest first. @param after the last one of the previous page */
    listFailedPage(
      tenancy: Tenancy,
      after: { finishedAt: Date; id: string } | undefined,
      limit: number,
    ): Promise<DeliveryDocument[]> {
      const further: Filter<DeliveryDocument> =
        after === undefined
          ? {}
          : {
              finishedAt: { $lte: after.finishedAt },
              $or: [{ finishedAt: { $lt: after.finishedAt } }, { _id: { $gt: after.id } }],
            };
      return deliveries
        .find(
          { state: 'failed', ...tenancyFilter(tenancy), ...further },
          { sort: { finishedAt: -1, _id: 1 }, limit },
        )
        .toArray();
    },

    listFailedTenancies: (channelId?: string): Promise<Tenancy[]> =>
      listTenancies(deliveries, { state: 'failed' }, channelId === undefined ? undefined : [channelId]),
  };
}
