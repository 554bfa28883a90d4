import type { Db, Filter, FindOptions, UpdateFilter } from 'mongodb';
import { createBatcher } from '../../lib/batcher.ts';
import { deleteAll, insertMissing } from '../bulk.ts';
import { createOpeningQuestions } from '../delivery-openings.ts';
import { eventKeysOf } from '../events.ts';
import { afterRetention } from '../retention.ts';
import { type Tenancy, tenancyFilter } from '../tenancy.ts';
import { createDivisions } from './divisions.ts';
import type { DeliveryDocument, Division } from './document.ts';
import { createDeliveryQueries } from './queries.ts';
import { deliveryStates, isFinished, type Transition, transitions } from './states.ts';
import { summariseDeliveries } from './summary.ts';

/** Said of all that an account left in a channel that was disconnected. */
const disconnected = { lastError: 'disconnected' };

/** For what may not wait for company, however busy the process is. */
const noLinger = { lingerMs: () => 0 };

export type DeliveryStore = ReturnType<typeof createDeliveryStore>;

/** Told of each change of state: how many deliveries it was for, and what became of their last try or why they go. */
export type OnChange = (transition: Transition, count: number, lastError: string | null) => void;

/**
 * The collection `deliveries`. Each change of state is one update, guarded by the state that it leaves.
 *
 * @param onChange called after each change, for whoever counts
 */
export function createDeliveryStore(db: Db, onChange: OnChange = () => {}) {
  const deliveries = db.collection<DeliveryDocument>('deliveries');

  /** Makes a transition for all that `which` matches. @returns how many there were */
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

  /**
   * Many messages are written down with one command, as of the instant of the latest; never later than can be helped,
   * since what Slack took and is not written down would be sent again after a crash.
   */
  function finish(transition: 'send' | 'sendHeld') {
    const together = createBatcher(async (messages: readonly { ids: readonly string[]; now: Date }[]) => {
      const now = new Date(Math.max(...messages.map((message) => message.now.getTime())));
      await change(transition, among(messages.flatMap(({ ids }) => ids)), now, { lastError: null });
      return messages.map(() => undefined);
    }, noLinger);
    return (ids: readonly string[], now: Date): Promise<undefined> => together({ ids, now });
  }

  const among = (ids: readonly string[]): Filter<DeliveryDocument> => ({ _id: { $in: [...ids] } });

  const list = (filter: Filter<DeliveryDocument>, options?: FindOptions): Promise<DeliveryDocument[]> =>
    deliveries.find(filter, options).toArray();

  return {
    ...createDeliveryQueries(deliveries),
    ...createOpeningQuestions(deliveries),
    ...createDivisions(deliveries),

    /** How channels are doing for the accounts that they serve, by their ids; one that waits for an account has nothing. */
    summarise: (channels: Parameters<typeof summariseDeliveries>[1]) =>
      summariseDeliveries(deliveries, channels),

    /** Inserts in one command those that are not there yet. */
    async insert(documents: readonly DeliveryDocument[]): Promise<void> {
      await insertMissing(deliveries, documents);
    },

    listByIds(ids: readonly string[]): Promise<DeliveryDocument[]> {
      return list(among(ids));
    },

    /** Deliveries by their `ref`, in no order. */
    listByRefs(tenancy: Tenancy, refs: readonly string[]): Promise<DeliveryDocument[]> {
      return list({ ref: { $in: [...refs] }, ...tenancyFilter(tenancy) });
    },

    /** The channel of the delivery with a `ref`, whichever account its alert is of. */
    async findChannelOfRef(ref: string): Promise<string | undefined> {
      return (await deliveries.findOne({ ref }, { projection: { channelId: 1 } }))?.channelId;
    },

    /** What went out in the same digest as this one, in order of arrival: what is sent together is finished together. */
    listSentWith({ channelId, accountId, finishedAt }: DeliveryDocument): Promise<DeliveryDocument[]> {
      return list(
        { state: 'sent', channelId, accountId, finishedAt, digest: { $ne: null } },
        { sort: { sequence: 1 } },
      );
    },

    /** Says who took care of alerts; those of which somebody did before stay theirs. */
    async acknowledge(ids: readonly string[], userId: string, now: Date): Promise<void> {
      await deliveries.updateMany(
        { ...among(ids), acknowledgedAt: null },
        { $set: { acknowledgedBy: userId, acknowledgedAt: now } },
      );
    },

    /** `pending → sent` */
    send: finish('send'),

    /** `pending → failed` */
    fail: (ids: readonly string[], now: Date, lastError: string) =>
      change('fail', among(ids), now, { lastError }),

    /** Stays `pending` after a failed try. */
    postpone: (ids: readonly string[], now: Date, nextAttemptAt: Date, lastError: string) =>
      change('postpone', among(ids), now, { nextAttemptAt, lastError }, { attempts: 1 }),

    /** Stays `pending` after Slack refused a message with it, and goes on at once as `division` says. */
    refuse: (ids: readonly string[], division: Division, now: Date, lastError: string) =>
      change('refuse', among(ids), now, { division, nextAttemptAt: now, lastError }),

    /** Stays `pending` after a message with it failed again, and goes on at once as `division` says. */
    divide: (ids: readonly string[], division: Division, now: Date, lastError: string) =>
      change('divide', among(ids), now, { division, nextAttemptAt: now, lastError }),

    /** Stays `pending`, and nobody knows whether Slack took the message that it was in. */
    countLostAnswer: (ids: readonly string[], now: Date) =>
      change('loseAnswer', among(ids), now, {}, { lostAnswers: 1 }),

    /** The same of what a broken channel was tried with: it stays `held`, or `dropped`, as it was meanwhile. */
    async countTriedLostAnswer(id: string, now: Date): Promise<void> {
      for (const transition of ['loseAnswerOfHeld', 'loseAnswerOfDropped'] as const)
        if ((await change(transition, among([id]), now, {}, { lostAnswers: 1 })) > 0) return;
    },

    /** `pending → held`: all of a channel that broke. */
    hold: (tenancy: Tenancy, now: Date) =>
      change('hold', tenancyFilter(tenancy), now, {
        digest: 'broken',
        attempts: 0,
        nextAttemptAt: now,
        division: null,
      }),

    /** Stays `held`, until another instant. */
    holdUntil: (ids: readonly string[], nextAttemptAt: Date, rulesEpoch: number, now: Date) =>
      change('holdUntil', among(ids), now, { nextAttemptAt, rulesEpoch }),

    /** `held → sent` */
    sendHeld: finish('sendHeld'),

    /** `held → sent`, or `dropped → sent`: what a broken channel was tried with, and may have been dropped meanwhile. */
    async sendTried(id: string, now: Date): Promise<void> {
      for (const transition of ['sendHeld', 'sendDropped'] as const)
        if ((await change(transition, among([id]), now, { lastError: null })) > 0) return;
    },

    /** `held → pending`: what was in a digest that Slack did not take. */
    requeueHeld: (ids: readonly string[], now: Date) =>
      change('release', among(ids), now, { nextAttemptAt: now }),

    /** Says that what waits was decided by the rules of `rulesEpoch`, and stays as it is. */
    async keep(ids: readonly string[], rulesEpoch: number): Promise<void> {
      await deliveries.updateMany(among(ids), { $set: { rulesEpoch } });
    },

    /** `held → dropped` and `pending → dropped` @param reason why they are of no use any more */
    async drop(ids: readonly string[], reason: string, now: Date): Promise<void> {
      await change('drop', among(ids), now, { lastError: reason });
      await change('abandon', among(ids), now, { lastError: reason });
    },

    /**
     * `held → dropped`, `pending → dropped` and `failed → dropped`: all that an account left in a channel.
     *
     * @param until what was recorded later is of another time in which the channel serves the account
     */
    async endTenancy(tenancy: Tenancy, until: Date, now: Date): Promise<void> {
      const left = { ...tenancyFilter(tenancy), createdAt: { $lte: until } };
      for (const transition of ['drop', 'abandon', 'dismiss'] as const)
        await change(transition, left, now, disconnected);
    },

    /** What is held in a channel. */
    listHeld(tenancy: Tenancy, limit: number): Promise<DeliveryDocument[]> {
      return list({ state: 'held', ...tenancyFilter(tenancy) }, { limit });
    },

    /** Deletes of these what was dropped since it went on in another channel. */
    async forgetMoved(ids: readonly string[]): Promise<void> {
      await deliveries.deleteMany({ ...among(ids), state: 'dropped', lastError: 'moved' });
    },

    /** Deletes all deliveries of a channel that were recorded until an instant, whichever account they are of. */
    async removeOfChannel(channelId: string, until: Date): Promise<void> {
      for (const state of deliveryStates)
        await deleteAll(deliveries, { state, channelId, createdAt: { $lte: until } });
    },

    /** Deletes the deliveries of an account's events that were recorded until an instant. */
    removeOfAccount: (accountId: string, until: Date) =>
      deleteAll(deliveries, { _id: eventKeysOf(accountId), createdAt: { $lte: until } }),

    /** A channel's failed deliveries, the latest first. @param after the last one of the page before */
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

    /** In which channels deliveries of which accounts failed. @param channelId only in this channel */
    async listFailedTenancies(channelId?: string): Promise<Tenancy[]> {
      const groups = deliveries.aggregate<{ _id: Tenancy }>([
        { $match: { state: 'failed', ...(channelId !== undefined && { channelId }) } },
        { $group: { _id: { channelId: '$channelId', accountId: '$accountId' } } },
      ]);
      return (await groups.toArray()).map(({ _id }) => _id);
    },

    /** `failed → pending`, with all tries before it again. @param ids only these @returns how many */
    replay: (tenancy: Tenancy, now: Date, ids?: readonly string[]) =>
      change('replay', { ...tenancyFilter(tenancy), ...(ids !== undefined && among(ids)) }, now, {
        attempts: 0,
        nextAttemptAt: now,
        division: null,
      }),
  };
}
