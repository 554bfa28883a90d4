import type { Db, Document, Filter, FindOptions, UpdateFilter } from 'mongodb';
import { deleteAll, insertMissing } from './bulk.ts';
import {
  type DeliveryState,
  deliveryStates,
  isFinished,
  type Transition,
  transitions,
} from './delivery-states.ts';
import { eventKeysOf } from './events.ts';
import { afterRetention } from './retention.ts';
import { readDelivery } from './schema/read-older.ts';

/** `quiet_hours`: outside the channel's business hours. `broken`: its channel was broken. */
export type HoldReason = 'quiet_hours' | 'broken';

/** The duty to get one alert into one channel. `_id` says which: an event and a channel have one. */
export type DeliveryDocument = {
  _id: string;
  eventKey: string;
  channelId: string;
  /** What the controls in its message know it by, unique within its channel. */
  ref: string;
  state: DeliveryState;
  /** 0 for a critical alert, which goes ahead of the rest; 1 for the rest. */
  priority: 0 | 1;
  /** The event's place in the order of arrival. */
  sequence: number;
  /** Tries that failed. */
  attempts: number;
  /** Tries of which nobody knows whether Slack took the message: each may have shown the alert once more. */
  lostAnswers: number;
  /** When it wants to go out: now, at its next try, or, while it is held, when its digest opens. */
  nextAttemptAt: Date;
  /** Why it was held, and so which digest it goes out with; `null` for one that goes out as an alert. */
  digest: HoldReason | null;
  /** The channel's `rulesEpoch` under which it was decided. */
  rulesEpoch: number;
  /** What became of its last try, or why it was dropped. */
  lastError: string | null;
  /** The user who took care of the alert first, and when. */
  acknowledgedBy: string | null;
  acknowledgedAt: Date | null;
  createdAt: Date;
  finishedAt: Date | null;
  /** When a finished delivery is deleted; `null` while there is something left to do. */
  expiresAt: Date | null;
};

/** How a channel is doing. */
export type DeliverySummary = {
  /** When its last alert was sent, in the last 30 days. */
  lastSentAt: Date | null;
  /** How many alerts it holds, at most `mostCounted`, and when the next digest opens. */
  held: number;
  nextDigestAt: Date | null;
  /** How many failed, at most `mostCounted`. */
  failed: number;
};

/** Further than this nobody counts: "100+" says enough, and a broken channel may hold any number. */
export const mostCounted = 100;

/** How many held deliveries are looked at together. */
const pageSize = 250;

/** Said of a delivery that a broken channel missed too long ago. */
const tooOld = 'too_old';

/** Said of all that waited for a channel that was disconnected. */
const disconnected = { lastError: 'disconnected' };

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

  const among = (ids: readonly string[]): Filter<DeliveryDocument> => ({ _id: { $in: [...ids] } });

  const list = (filter: Filter<DeliveryDocument>, options?: FindOptions): Promise<DeliveryDocument[]> =>
    deliveries.find(filter, options).map(readDelivery).toArray();

  return {
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

    /** A channel's next pending deliveries: the critical ones first, each kind in order of arrival. */
    listPending(channelId: string, limit: number): Promise<DeliveryDocument[]> {
      return list({ state: 'pending', channelId }, { sort: { priority: 1, sequence: 1 }, limit });
    },

    /** What a channel holds whose digest is due. */
    listHeldDue(channelId: string, now: Date, limit: number): Promise<DeliveryDocument[]> {
      return list({ state: 'held', channelId, nextAttemptAt: { $lte: now } }, { limit });
    },

    /** What was in a digest that Slack did not take, in order of arrival. */
    listDigest(channelId: string, limit: number): Promise<DeliveryDocument[]> {
      return list({ state: 'pending', channelId, digest: { $ne: null } }, { sort: { sequence: 1 }, limit });
    },

    /** Whether a channel has something that is due, pending or held. */
    async hasDue(channelId: string, now: Date): Promise<boolean> {
      const [pending, held] = await Promise.all([
        isDue('pending', channelId, now),
        isDue('held', channelId, now),
      ]);
      return pending || held;
    },

    /** Whether a channel holds something whose digest is due. */
    hasHeldDue: (channelId: string, now: Date) => isDue('held', channelId, now),

    /** The channels that have something pending that is due at `now`. */
    async listDueChannels(now: Date): Promise<string[]> {
      const groups = deliveries.aggregate<{ _id: string }>([
        { $match: { state: 'pending', nextAttemptAt: { $lte: now } } },
        { $group: { _id: '$channelId' } },
      ]);
      return (await groups.toArray()).map(({ _id }) => _id);
    },

    /**
     * The channels whose business hours opened, until `now`, on something held: in no order, and a channel perhaps more
     * than once. Walks over what a page holds, and leaps over what a channel holds beyond it.
     */
    async *listOpened(now: Date): AsyncGenerator<string[], void> {
      for await (const opening of openings({ $lte: now })) {
        for (let last: string | undefined = ''; last !== undefined; ) {
          const found = await deliveries
            .find(
              { ...openingAt(opening), channelId: { $gt: last } },
              { projection: { _id: 0, channelId: 1 }, sort: { channelId: 1 }, limit: pageSize },
            )
            .toArray();
          last = found.at(-1)?.channelId;
          if (last !== undefined) yield [...new Set(found.map(({ channelId }) => channelId))];
        }
      }
    },

    /** The instants, later than `from` and until `to`, at which business hours open on something held. */
    async listOpenings(from: Date, to: Date): Promise<Date[]> {
      const found: Date[] = [];
      for await (const opening of openings({ $gt: from, $lte: to })) found.push(opening);
      return found;
    },

    /** How many deliveries a channel holds whose digest is due. */
    countHeldDue(channelId: string, now: Date): Promise<number> {
      return deliveries.countDocuments({ state: 'held', channelId, nextAttemptAt: { $lte: now } });
    },

    /**
     * How channels are doing, by their ids, in one command: when the last alert came, what they hold and for when, and
     * what failed. Reads a bounded number of index entries for each channel, however much it holds: `held` and `failed`
     * do not grow beyond `mostCounted`.
     */
    async summarise(channelIds: readonly string[]): Promise<Map<string, DeliverySummary>> {
      const summaries = new Map(channelIds.map((id) => [id, { ...emptySummary }]));
      const [first, ...rest] = channelIds.flatMap(summaryPipelines);
      if (first === undefined) return summaries;
      const pipeline = [
        ...first,
        ...rest.map((each) => ({ $unionWith: { coll: 'deliveries', pipeline: each } })),
      ];
      for await (const { channelId, ...part } of deliveries.aggregate<SummaryPart>(pipeline))
        Object.assign(summaries.get(channelId) ?? {}, part);
      return summaries;
    },

    /** What a channel holds for later and was decided by rules before `rulesEpoch`. */
    listHeldBefore(
      channelId: string,
      rulesEpoch: number,
      now: Date,
      limit: number,
    ): Promise<DeliveryDocument[]> {
      return list(
        { state: 'held', channelId, nextAttemptAt: { $gt: now }, rulesEpoch: { $lt: rulesEpoch } },
        { limit },
      );
    },

    /** How many of a channel's deliveries were given up, since `since`, because they had become too old. */
    countTooOld(channelId: string, since: Date): Promise<number> {
      return deliveries.countDocuments({
        state: 'dropped',
        channelId,
        finishedAt: { $gte: since },
        lastError: tooOld,
      });
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
      change('doubt', among(ids), now, {}, { lostAnswers: 1 }),

    /** `pending → held`: all of a channel that broke. */
    hold: (channelId: string, now: Date) =>
      change('hold', { channelId }, now, { digest: 'broken', nextAttemptAt: now }),

    /** Stays `held`, until another instant. */
    holdUntil: (ids: readonly string[], nextAttemptAt: Date, rulesEpoch: number, now: Date) =>
      change('holdUntil', among(ids), now, { nextAttemptAt, rulesEpoch }),

    /** `held → sent` */
    sendHeld: (ids: readonly string[], now: Date) => change('sendHeld', among(ids), now, { lastError: null }),

    /** `held → pending`: what was in a digest that Slack did not take. */
    release: (ids: readonly string[], now: Date) =>
      change('release', among(ids), now, { nextAttemptAt: now }),

    /** `held → dropped` @param reason why they are of no use any more */
    drop: (ids: readonly string[], reason: string, now: Date) =>
      change('drop', among(ids), now, { lastError: reason }),

    /** `held → dropped`: what a channel missed before `before`. @param digest only what was held for this */
    dropOld: (channelId: string, before: Date, now: Date, digest?: HoldReason) =>
      change(
        'drop',
        {
          channelId,
          createdAt: { $lt: before },
          nextAttemptAt: { $lt: before },
          ...(digest !== undefined && { digest }),
        },
        now,
        { lastError: tooOld },
      ),

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
      change('replay', toFilter(filter), now, { attempts: 0, nextAttemptAt: now }),
  };

  async function isDue(state: 'pending' | 'held', channelId: string, now: Date): Promise<boolean> {
    const found = await deliveries.findOne(
      { state, channelId, nextAttemptAt: { $lte: now } },
      { projection: { _id: 1 } },
    );
    return found !== null;
  }

  /** Walks from one instant to the next, whatever is held at each. */
  async function* openings(range: { $gt?: Date; $lte: Date }): AsyncGenerator<Date, void> {
    let next = range;
    for (;;) {
      const found = await deliveries.findOne(
        { state: 'held', digest: 'quiet_hours', nextAttemptAt: next },
        { projection: { nextAttemptAt: 1 }, sort: { nextAttemptAt: 1 } },
      );
      if (found === null) return;
      yield found.nextAttemptAt;
      next = { ...range, $gt: found.nextAttemptAt };
    }
  }
}

const emptySummary: DeliverySummary = { lastSentAt: null, held: 0, nextDigestAt: null, failed: 0 };

type SummaryPart = Partial<DeliverySummary> & { channelId: string };

/** Three looks at a channel, each the beginning of an index. */
function summaryPipelines(channelId: string): Document[][] {
  const one = { _id: 0, channelId: { $literal: channelId } };
  const count = (name: string, more: Document = {}) => [
    { $limit: mostCounted },
    { $group: { _id: null, [name]: { $sum: 1 }, ...more } },
    { $addFields: { channelId: { $literal: channelId } } },
    { $project: { _id: 0 } },
  ];
  return [
    [
      { $match: { state: 'sent', channelId } },
      { $sort: { finishedAt: -1 } },
      { $limit: 1 },
      { $project: { ...one, lastSentAt: '$finishedAt' } },
    ],
    [
      { $match: { state: 'held', channelId } },
      { $sort: { nextAttemptAt: 1 } },
      ...count('held', { nextDigestAt: { $first: '$nextAttemptAt' } }),
    ],
    [{ $match: { state: 'failed', channelId } }, ...count('failed')],
  ];
}

function openingAt(nextAttemptAt: Date): Filter<DeliveryDocument> {
  return { state: 'held', digest: 'quiet_hours', nextAttemptAt };
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
