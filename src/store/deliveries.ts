import type { Db, Filter, UpdateFilter } from 'mongodb';
import { insertMissing } from './bulk.ts';
import { type DeliveryState, isFinished, type Transition, transitions } from './delivery-states.ts';
import { afterRetention } from './retention.ts';

/** The duty to get one alert into one channel. `_id` says which: an event and a channel have one. */
export type DeliveryDocument = {
  _id: string;
  eventKey: string;
  channelId: string;
  state: DeliveryState;
  /** 0 for a critical alert, which goes ahead of the rest; 1 for the rest. */
  priority: 0 | 1;
  /** The event's place in the order of arrival. */
  sequence: number;
  /** Tries that failed. */
  attempts: number;
  /** Tries of which nobody knows whether Slack took the message: each may have shown the alert once more. */
  lostAnswers: number;
  nextAttemptAt: Date;
  /** The digest that it goes out with, if it does not go out as an alert. */
  digestId: string | null;
  lastError: string | null;
  createdAt: Date;
  finishedAt: Date | null;
  /** When a finished delivery is deleted; `null` while there is something left to do. */
  expiresAt: Date | null;
};

export type DeliveryStore = ReturnType<typeof createDeliveryStore>;

/** What can be asked of failed deliveries. */
export type FailedFilter = { channelIds?: readonly string[]; ids?: readonly string[] };

/** The collection `deliveries`. Each change of state is one update, guarded by the state that it leaves. */
export function createDeliveryStore(db: Db) {
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
    return matchedCount;
  }

  const among = (ids: readonly string[]): Filter<DeliveryDocument> => ({ _id: { $in: [...ids] } });

  return {
    /** Inserts in one command those that are not there yet. */
    async insert(documents: readonly DeliveryDocument[]): Promise<void> {
      await insertMissing(deliveries, documents);
    },

    listByIds(ids: readonly string[]): Promise<DeliveryDocument[]> {
      return deliveries.find(among(ids)).toArray();
    },

    /** A channel's next pending deliveries: the critical ones first, each kind in order of arrival. */
    listPending(channelId: string, limit: number): Promise<DeliveryDocument[]> {
      return deliveries
        .find({ state: 'pending', channelId }, { sort: { priority: 1, sequence: 1 }, limit })
        .toArray();
    },

    /** The pending deliveries of a digest, in order of arrival. */
    listDigest(channelId: string, digestId: string, limit: number): Promise<DeliveryDocument[]> {
      return deliveries
        .find({ state: 'pending', channelId, digestId }, { sort: { sequence: 1 }, limit })
        .toArray();
    },

    /** Whether a channel has something that is due. */
    async hasDue(channelId: string, now: Date): Promise<boolean> {
      const found = await deliveries.findOne(
        { state: 'pending', channelId, nextAttemptAt: { $lte: now } },
        { projection: { _id: 1 } },
      );
      return found !== null;
    },

    /** The channels that have something due at `now`. */
    async listDueChannels(now: Date): Promise<string[]> {
      return channelsOf([{ $match: { state: 'pending', nextAttemptAt: { $lte: now } } }]);
    },

    /** The channels that have something held. */
    async listHeldChannels(): Promise<string[]> {
      return channelsOf([{ $match: { state: 'held' } }]);
    },

    /** How many of a digest's deliveries were too old for it. */
    countDropped(channelId: string, digestId: string): Promise<number> {
      return deliveries.countDocuments({ state: 'dropped', channelId, digestId });
    },

    /** `pending → sent` */
    send: (ids: readonly string[], now: Date) => change('send', among(ids), now, { lastError: null }),

    /** `pending → failed` */
    fail: (ids: readonly string[], now: Date, lastError: string) =>
      change('fail', among(ids), now, { lastError }),

    /** Stays `pending` after a failed try. */
    postpone: (ids: readonly string[], now: Date, nextAttemptAt: Date, lastError: string) =>
      change('postpone', among(ids), now, { nextAttemptAt, lastError }, { attempts: 1 }),

    /** Stays `pending`, and nobody knows whether Slack took the message that it was in. */
    countLostAnswer: (ids: readonly string[], now: Date) =>
      change('postpone', among(ids), now, {}, { lostAnswers: 1 }),

    /** `pending → held`: all of a channel that broke. */
    hold: (channelId: string, now: Date) => change('hold', { channelId }, now),

    /** `held → pending`: a channel's deliveries, to go out as one digest. */
    release: (channelId: string, digestId: string, now: Date) =>
      change('release', { channelId }, now, { digestId, nextAttemptAt: now }),

    /** `held → dropped`: what was recorded before `before`. */
    dropOld: (channelId: string, digestId: string, before: Date, now: Date) =>
      change('drop', { channelId, createdAt: { $lt: before } }, now, { digestId, lastError: 'too_old' }),

    /** Failed deliveries, the latest first. */
    listFailed(filter: FailedFilter, limit: number): Promise<DeliveryDocument[]> {
      return deliveries
        .find({ ...toFilter(filter), state: 'failed' }, { sort: { finishedAt: -1 }, limit })
        .toArray();
    },

    /** `failed → pending`, with all tries before it again. @returns how many */
    replay: (filter: FailedFilter, now: Date) =>
      change('replay', toFilter(filter), now, { attempts: 0, nextAttemptAt: now }),
  };

  async function channelsOf(stages: { $match: Filter<DeliveryDocument> }[]): Promise<string[]> {
    const groups = deliveries.aggregate<{ _id: string }>([...stages, { $group: { _id: '$channelId' } }]);
    return (await groups.toArray()).map(({ _id }) => _id);
  }
}

function toFilter({ channelIds, ids }: FailedFilter): Filter<DeliveryDocument> {
  return {
    ...(channelIds !== undefined && { channelId: { $in: [...channelIds] } }),
    ...(ids !== undefined && { _id: { $in: [...ids] } }),
  };
}

/** The `_id` of a delivery. */
export function deliveryKey(eventKey: string, channelId: string): string {
  return `${eventKey} ${channelId}`;
}
