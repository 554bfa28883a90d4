import type { Collection, Filter, FindOptions } from 'mongodb';
import { gather } from '../gather.ts';
import type { DeliveryDocument } from './delivery-document.ts';
import { readDelivery } from './schema/read-older.ts';

/** How many held deliveries are looked at together. */
const pageSize = 250;

/**
 * How many documents a query about several channels reads for each of them. Beyond that, in a storm, each is asked about
 * alone: of what is pending a channel needs the first few of many, and of a digest all.
 */
const eachAtOnce = { pending: 4, held: 50 };
/** What such a query reads beside that, since a few channels may have much. */
const someMore = 20;

/** A question about a channel's deliveries, by the time of whoever asks. */
type Question = { channelId: string; now: Date };

/** What a channel's next message may be made of, critical ones first and each kind in order of arrival. */
type Waiting = {
  /** No more than were asked for. */
  pending: DeliveryDocument[];
  /** Held, and its digest is due. */
  held: DeliveryDocument[];
};

/** What a channel's sender, the sweep and the openings ask of deliveries: what waits, and until when. */
export function createDeliveryQuestions(deliveries: Collection<DeliveryDocument>) {
  const list: List = (filter, options) => deliveries.find(filter, options).map(readDelivery).toArray();

  const listPending = (channelId: string, limit: number): Promise<DeliveryDocument[]> =>
    list({ state: 'pending', channelId }, { sort: turnOrder, limit });

  const listHeldDue = (channelId: string, now: Date, limit: number): Promise<DeliveryDocument[]> =>
    list({ state: 'held', channelId, nextAttemptAt: { $lte: now } }, { limit });

  const pendingOf = together(list, eachAtOnce.pending, () => ({ state: 'pending' }));
  const pendingDueOf = together(list, eachAtOnce.pending, (now) => ({
    state: 'pending',
    nextAttemptAt: { $lte: now },
  }));
  const heldDueOf = together(list, eachAtOnce.held, (now) => ({
    state: 'held',
    nextAttemptAt: { $lte: now },
  }));

  const listWaiting = async (
    channelId: string,
    now: Date,
    most: { pending: number; held: number },
  ): Promise<Waiting> => {
    const [pending, held] = await Promise.all([
      pendingOf({ channelId, now }),
      most.held === 0 ? [] : heldDueOf({ channelId, now }),
    ]);
    return {
      pending:
        pending?.toSorted(byTurn).slice(0, most.pending) ?? (await listPending(channelId, most.pending)),
      held: held ?? (await listHeldDue(channelId, now, most.held)),
    };
  };

  const hasDue = async (channelId: string, now: Date): Promise<boolean> => {
    const [pending, held] = await Promise.all([
      pendingDueOf({ channelId, now }),
      heldDueOf({ channelId, now }),
    ]);
    if (pending === undefined || held === undefined)
      return (await isDue('pending', channelId, now)) || (await isDue('held', channelId, now));
    return pending.length + held.length > 0;
  };

  return {
    /** A channel's next pending deliveries: the critical ones first, each kind in order of arrival. */
    listPending,

    /** A channel's pending deliveries that are due, in the same order. */
    listPendingDue: (channelId: string, now: Date, limit: number): Promise<DeliveryDocument[]> =>
      list({ state: 'pending', channelId, nextAttemptAt: { $lte: now } }, { sort: turnOrder, limit }),

    /** What a channel may send next. @param most how many pending, and how many held ones, at most */
    listWaiting,

    /** What was in a digest that Slack did not take, in order of arrival. */
    listDigest: (channelId: string, limit: number): Promise<DeliveryDocument[]> =>
      list({ state: 'pending', channelId, digest: { $ne: null } }, { sort: { sequence: 1 }, limit }),

    /** Whether a channel has something that is due, pending or held. */
    hasDue,

    /** Whether a channel holds something whose digest is due. */
    hasHeldDue: (channelId: string, now: Date) => isDue('held', channelId, now),

    /** Whether a channel got something since an instant. */
    async hasSentSince(channelId: string, since: Date): Promise<boolean> {
      const sent = { state: 'sent', channelId, finishedAt: { $gt: since } } as const;
      return (await deliveries.findOne(sent, { projection: { _id: 1 } })) !== null;
    },

    /** Of what a channel holds and is due, what goes out first. */
    async findHeldDue(channelId: string, now: Date): Promise<DeliveryDocument | undefined> {
      const due = { state: 'held', channelId, nextAttemptAt: { $lte: now } } as const;
      const [first] = await list(due, { sort: turnOrder, limit: 1 });
      return first;
    },

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
    countHeldDue: (channelId: string, now: Date): Promise<number> =>
      deliveries.countDocuments({ state: 'held', channelId, nextAttemptAt: { $lte: now } }),

    /** What a channel holds for later and was decided by rules before `rulesEpoch`. */
    listHeldBefore: (
      channelId: string,
      rulesEpoch: number,
      now: Date,
      limit: number,
    ): Promise<DeliveryDocument[]> =>
      list(
        { state: 'held', channelId, nextAttemptAt: { $gt: now }, rulesEpoch: { $lt: rulesEpoch } },
        { limit },
      ),
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

type List = (filter: Filter<DeliveryDocument>, options?: FindOptions) => Promise<DeliveryDocument[]>;

/**
 * One query for the questions about many channels.
 *
 * @param each documents that are read for each channel, and some more
 * @returns what was found of the channel; `undefined` when there was more than that
 */
function together(list: List, each: number, filterAt: (now: Date) => Filter<DeliveryDocument>) {
  return gather(async (questions: readonly Question[]): Promise<(DeliveryDocument[] | undefined)[]> => {
    const byChannel = new Map<string, DeliveryDocument[]>(questions.map(({ channelId }) => [channelId, []]));
    const latest = new Date(Math.max(...questions.map(({ now }) => now.getTime())));
    const limit = byChannel.size * each + someMore;
    const channelId = { $in: [...byChannel.keys()] };
    const found = await list({ ...filterAt(latest), channelId }, { limit, batchSize: limit });
    if (found.length === limit) return questions.map(() => undefined);
    for (const delivery of found) byChannel.get(delivery.channelId)?.push(delivery);
    return questions.map((question) => byChannel.get(question.channelId));
  });
}

function openingAt(nextAttemptAt: Date): Filter<DeliveryDocument> {
  return { state: 'held', digest: 'quiet_hours', nextAttemptAt };
}

/**
 * The order in which a channel's alerts go out: critical ones first, of each kind those that were in a message that
 * Slack refused behind the others, the smallest division first, and else in order of arrival.
 */
export function byTurn(a: DeliveryDocument, b: DeliveryDocument): number {
  return a.priority - b.priority || maxTogetherOf(a) - maxTogetherOf(b) || a.sequence - b.sequence;
}

/** The same for the database, where what is not there stands before all numbers. */
const turnOrder = { priority: 1, 'refusal.maxTogether': 1, sequence: 1 } as const;

function maxTogetherOf({ refusal }: DeliveryDocument): number {
  return refusal?.maxTogether ?? 0;
}
