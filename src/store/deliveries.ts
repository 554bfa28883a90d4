import type { Db, Filter, FindOptions, UpdateFilter } from 'mongodb';
import { gather } from '../gather.ts';
import { deleteAll, insertMissing } from './bulk.ts';
import type { DeliveryDocument, Refusal } from './delivery-document.ts';
import { createDeliveryQuestions } from './delivery-questions.ts';
import { deliveryStates, isFinished, type Transition, transitions } from './delivery-states.ts';
import { summariseDeliveries } from './delivery-summary.ts';
import { eventKeysOf } from './events.ts';
import { afterRetention } from './retention.ts';
import { readDelivery } from './schema/read-older.ts';

/** Said of all that waited for a channel that was disconnected. */
const disconnected = { lastError: 'disconnected' };

/** For what may not wait for company, however busy the process is. */
const noRest = { restMs: () => 0 };

export type DeliveryStore = ReturnType<typeof createDeliveryStore>;

/** What can be asked of failed deliveries. */
export type FailedFilter = { channelIds?: readonly string[]; ids?: readonly string[] };

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
    const together = gather(async (messages: readonly { ids: readonly string[]; now: Date }[]) => {
      const now = new Date(Math.max(...messages.map((message) => message.now.getTime())));
      await change(transition, among(messages.flatMap(({ ids }) => ids)), now, { lastError: null });
      return messages.map(() => undefined);
    }, noRest);
    return (ids: readonly string[], now: Date): Promise<undefined> => together({ ids, now });
  }

  const among = (ids: readonly string[]): Filter<DeliveryDocument> => ({ _id: { $in: [...ids] } });

  const list = (filter: Filter<DeliveryDocument>, options?: FindOptions): Promise<DeliveryDocument[]> =>
    deliveries.find(filter, options).map(readDelivery).toArray();

  return {
    ...createDeliveryQuestions(deliveries),

    /** How channels are doing, by their ids. */
    summarise: (channelIds: readonly string[]) => summariseDeliveries(deliveries, channelIds),

    /** Inserts in one command those that are not there yet. */
    async insert(documents: readonly DeliveryDocument[]): Promise<void> {
      await insertMissing(deliveries, documents);
    },

    listByIds(ids: readonly string[]): Promise<DeliveryDocument[]> {
      return list(among(ids));
    },

    /** A channel's deliveries by their `ref`, in no order. */
    listByRefs(channelId: string, refs: readonly string[]): Promise<DeliveryDocument[]> {
      return list({ ref: { $in: [...refs] }, channelId });
    },

    /** What went out in the same digest as this one, in order of arrival: what is sent together is finished together. */
    listSentWith({ channelId, finishedAt }: DeliveryDocument): Promise<DeliveryDocument[]> {
      return list({ state: 'sent', channelId, finishedAt, digest: { $ne: null } }, { sort: { sequence: 1 } });
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

    /** Stays `pending` after Slack refused a message with it, and goes on at once as `refusal` says. */
    refuse: (ids: readonly string[], refusal: Refusal, now: Date, lastError: string) =>
      change('refuse', among(ids), now, { refusal, nextAttemptAt: now, lastError }),

    /** Says of what is left of a channel's divided digest that a part of it was sent. */
    async continueDigest(channelId: string): Promise<void> {
      await deliveries.updateMany(ofDividedDigest(channelId), { $set: { 'refusal.isContinued': true } });
    },

    /** Puts together again what is left of a channel's divided digest. */
    async mergeDigest(channelId: string): Promise<void> {
      await deliveries.updateMany(ofDividedDigest(channelId), {
        $set: { 'refusal.maxTogether': Number.MAX_SAFE_INTEGER, 'refusal.isPlain': false },
      });
    },

    /** Stays `pending`, and nobody knows whether Slack took the message that it was in. */
    countLostAnswer: (ids: readonly string[], now: Date) =>
      change('doubt', among(ids), now, {}, { lostAnswers: 1 }),

    /** `pending → held`: all of a channel that broke. */
    hold: (channelId: string, now: Date) =>
      change('hold', { channelId }, now, { digest: 'broken', nextAttemptAt: now, refusal: null }),

    /** Stays `held`, until another instant. */
    holdUntil: (ids: readonly string[], nextAttemptAt: Date, rulesEpoch: number, now: Date) =>
      change('holdUntil', among(ids), now, { nextAttemptAt, rulesEpoch }),

    /** `held → sent` */
    sendHeld: finish('sendHeld'),

    /** `held → pending`: what was in a digest that Slack did not take. */
    release: (ids: readonly string[], now: Date) =>
      change('release', among(ids), now, { nextAttemptAt: now }),

    /** `held → dropped` @param reason why they are of no use any more */
    drop: (ids: readonly string[], reason: string, now: Date) =>
      change('drop', among(ids), now, { lastError: reason }),

    /** `held → dropped`: all of a channel that was disconnected. */
    dropHeld: (channelId: string, now: Date) => change('drop', { channelId }, now, disconnected),

    /** `pending → dropped`: all of a channel that was disconnected. */
    abandon: (channelId: string, now: Date) => change('abandon', { channelId }, now, disconnected),

    /** What a channel holds. */
    listHeld(channelId: string, limit: number): Promise<DeliveryDocument[]> {
      return list({ state: 'held', channelId }, { limit });
    },

    /** `held → dropped` and `pending → dropped`: they go on in another channel. */
    async dropMoved(ids: readonly string[], now: Date): Promise<void> {
      await change('drop', among(ids), now, { lastError: 'moved' });
      await change('abandon', among(ids), now, { lastError: 'moved' });
    },

    /** Deletes all deliveries of a channel. */
    async removeOfChannel(channelId: string): Promise<void> {
      for (const state of deliveryStates) await deleteAll(deliveries, { state, channelId });
    },

    /** Deletes all deliveries of an account's events. */
    removeOfAccount: (accountId: string) => deleteAll(deliveries, { _id: eventKeysOf(accountId) }),

    /** Failed deliveries, the latest first. */
    listFailed(filter: FailedFilter, limit: number): Promise<DeliveryDocument[]> {
      return list({ ...toFilter(filter), state: 'failed' }, { sort: { finishedAt: -1 }, limit });
    },

    /** A channel's failed deliveries, the latest first. @param after the last one of the page before */
    listFailedPage(
      channelId: string,
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
        .find({ state: 'failed', channelId, ...further }, { sort: { finishedAt: -1, _id: 1 }, limit })
        .toArray();
    },

    /** `failed → pending`, with all tries before it again. @returns how many */
    replay: (filter: FailedFilter, now: Date) =>
      change('replay', toFilter(filter), now, { attempts: 0, nextAttemptAt: now, refusal: null }),
  };
}

function ofDividedDigest(channelId: string): Filter<DeliveryDocument> {
  return { state: 'pending', channelId, digest: { $ne: null }, refusal: { $ne: null } };
}

function toFilter({ channelIds, ids }: FailedFilter): Filter<DeliveryDocument> {
  return {
    ...(channelIds !== undefined && { channelId: { $in: [...channelIds] } }),
    ...(ids !== undefined && { _id: { $in: [...ids] } }),
  };
}
