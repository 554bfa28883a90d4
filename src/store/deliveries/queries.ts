import type { Collection, Filter, FindOptions } from 'mongodb';
import { createBatcher } from '../../lib/batcher.ts';
import { type Tenancy, tenancyFilter } from '../tenancy.ts';
import type { DeliveryDocument } from './document.ts';

/**
 * How many documents a query about several channels reads for each of them. Beyond that, in a storm, each is asked about
 * alone: of what is pending a channel needs the first few of many, and of a digest all.
 */
const maxPerChannel = { pending: 4, held: 50 };
/** What such a query reads beside that, since a few channels may have much. */
const extraLimit = 20;

/** A question about a channel's deliveries, by the time of whoever asks; without an account, about all of them. */
type DueQuery = { channelId: string; accountId?: string; now: Date };

/** A channel with the account that it serves, if it serves one. */
type MaybeServing = { channelId: string; accountId: string | null };

/** What a channel's next message may be made of, critical ones first and each kind in order of arrival. */
type Waiting = {
  /** No more than were asked for. */
  pending: DeliveryDocument[];
  /** Held, and its digest is due. */
  held: DeliveryDocument[];
};

/** Queries of the channel worker and of recovery: what is due, and when. */
export function createDeliveryQueries(deliveries: Collection<DeliveryDocument>) {
  const list: List = (filter, options) => deliveries.find(filter, options).toArray();

  const listPending = (tenancy: Tenancy, limit: number): Promise<DeliveryDocument[]> =>
    list({ state: 'pending', ...tenancyFilter(tenancy) }, { sort: sendOrder, limit });

  const listHeldDue = (tenancy: Tenancy, now: Date, limit: number): Promise<DeliveryDocument[]> =>
    list({ state: 'held', ...tenancyFilter(tenancy), nextAttemptAt: { $lte: now } }, { limit });

  const pendingOf = combineQueries(list, maxPerChannel.pending, () => ({ state: 'pending' }));
  const pendingDueOf = combineQueries(list, maxPerChannel.pending, (now) => ({
    state: 'pending',
    nextAttemptAt: { $lte: now },
  }));
  const heldDueOf = combineQueries(list, maxPerChannel.held, (now) => ({
    state: 'held',
    nextAttemptAt: { $lte: now },
  }));

  const listWaiting = async (
    tenancy: Tenancy,
    now: Date,
    limits: { pending: number; held: number },
  ): Promise<Waiting> => {
    const [pending, held] = await Promise.all([
      pendingOf({ ...tenancy, now }),
      limits.held === 0 ? [] : heldDueOf({ ...tenancy, now }),
    ]);
    return {
      pending:
        pending?.toSorted(byPriorityThenSequence).slice(0, limits.pending) ??
        (await listPending(tenancy, limits.pending)),
      held: held ?? (await listHeldDue(tenancy, now, limits.held)),
    };
  };

  const findDue = async (
    { channelId, accountId }: MaybeServing,
    now: Date,
  ): Promise<'own' | 'other' | undefined> => {
    const [pending, held] = await Promise.all([
      pendingDueOf({ channelId, now }),
      heldDueOf({ channelId, now }),
    ]);
    if (pending !== undefined && held !== undefined) {
      const found = [...pending, ...held];
      if (found.some((delivery) => delivery.accountId === accountId)) return 'own';
      return found.length > 0 ? 'other' : undefined;
    }
    if (accountId !== null && (await hasDue({ channelId, accountId }, now))) return 'own';
    return (await hasDue({ channelId }, now)) ? 'other' : undefined;
  };

  return {
    /** A channel's next pending deliveries: the critical ones first, each kind in order of arrival. */
    listPending,

    /** A channel's pending deliveries that are due, in the same order. */
    listPendingDue: (tenancy: Tenancy, now: Date, limit: number): Promise<DeliveryDocument[]> =>
      list(
        { state: 'pending', ...tenancyFilter(tenancy), nextAttemptAt: { $lte: now } },
        { sort: sendOrder, limit },
      ),

    /** What a channel may send next. @param limits how many pending, and how many held ones, at most */
    listWaiting,

    /** What was in a digest that Slack did not take, in order of arrival. */
    listDigest: (tenancy: Tenancy, limit: number): Promise<DeliveryDocument[]> =>
      list(
        { state: 'pending', ...tenancyFilter(tenancy), digest: { $ne: null } },
        { sort: { sequence: 1 }, limit },
      ),

    /** Whether an account has something in a channel that is due, pending or held. */
    hasDue: (tenancy: Tenancy, now: Date) => hasDue(tenancyFilter(tenancy), now),

    /**
     * Whether a channel has something that is due, pending or held: of the account that is named (`own`), or only of
     * others.
     */
    findDue,

    /** Whether something is held in a channel whose digest is due. */
    hasHeldDue: (tenancy: Tenancy, now: Date) => isDue('held', tenancyFilter(tenancy), now),

    /** Whether a channel got something since an instant. */
    async hasSentSince(tenancy: Tenancy, since: Date): Promise<boolean> {
      const sent = { state: 'sent', ...tenancyFilter(tenancy), finishedAt: { $gt: since } } as const;
      return (await deliveries.findOne(sent, { projection: { _id: 1 } })) !== null;
    },

    /** At most `limit` of what a channel holds and is due, what goes out first before the others. */
    listHeldDue: (tenancy: Tenancy, now: Date, limit: number): Promise<DeliveryDocument[]> =>
      list(
        { state: 'held', ...tenancyFilter(tenancy), nextAttemptAt: { $lte: now } },
        { sort: sendOrder, limit },
      ),

    /** In which channels something of which accounts is pending and due at `now`. */
    async listDue(now: Date): Promise<Tenancy[]> {
      const groups = deliveries.aggregate<{ _id: Tenancy }>([
        { $match: { state: 'pending', nextAttemptAt: { $lte: now } } },
        { $group: { _id: { channelId: '$channelId', accountId: '$accountId' } } },
      ]);
      return (await groups.toArray()).map(({ _id }) => _id);
    },

    /** How many deliveries are held in a channel whose digest is due. */
    countHeldDue: (tenancy: Tenancy, now: Date): Promise<number> =>
      deliveries.countDocuments({ state: 'held', ...tenancyFilter(tenancy), nextAttemptAt: { $lte: now } }),

    /**
     * What waits in a channel and was decided by rules before `rulesEpoch`.
     *
     * @param after only what is to go out later than that
     */
    listDecidedBefore: (
      tenancy: Tenancy,
      rulesEpoch: number,
      { state, after }: { state: 'pending' | 'held'; after?: Date },
      limit: number,
    ): Promise<DeliveryDocument[]> =>
      list(
        {
          state,
          ...tenancyFilter(tenancy),
          ...(after !== undefined && { nextAttemptAt: { $gt: after } }),
          rulesEpoch: { $lt: rulesEpoch },
        },
        { limit },
      ),
  };

  async function isDue(
    state: 'pending' | 'held',
    of: Tenancy | { channelId: string },
    now: Date,
  ): Promise<boolean> {
    const found = await deliveries.findOne(
      { state, ...of, nextAttemptAt: { $lte: now } },
      { projection: { _id: 1 } },
    );
    return found !== null;
  }

  async function hasDue(of: Tenancy | { channelId: string }, now: Date): Promise<boolean> {
    return (await isDue('pending', of, now)) || (await isDue('held', of, now));
  }
}

type List = (filter: Filter<DeliveryDocument>, options?: FindOptions) => Promise<DeliveryDocument[]>;

/**
 * One query for the questions about many channels.
 *
 * @param each documents that are read for each channel, and some more
 * @returns what was found of the channel and the account; `undefined` when there was more than that
 */
function combineQueries(list: List, each: number, filterAt: (now: Date) => Filter<DeliveryDocument>) {
  return createBatcher(
    async (questions: readonly DueQuery[]): Promise<(DeliveryDocument[] | undefined)[]> => {
      const byChannel = new Map<string, DeliveryDocument[]>(
        questions.map(({ channelId }) => [channelId, []]),
      );
      const accountIds = questions.flatMap(({ accountId }) => accountId ?? []);
      const latest = new Date(Math.max(...questions.map(({ now }) => now.getTime())));
      const limit = byChannel.size * each + extraLimit;
      const filter = {
        ...filterAt(latest),
        channelId: { $in: [...byChannel.keys()] },
        ...(accountIds.length === questions.length && { accountId: { $in: [...new Set(accountIds)] } }),
      };
      const found = await list(filter, { limit, batchSize: limit });
      if (found.length === limit) return questions.map(() => undefined);
      for (const delivery of found) byChannel.get(delivery.channelId)?.push(delivery);
      return questions.map(({ channelId, accountId }) =>
        byChannel
          .get(channelId)
          ?.filter((delivery) => accountId === undefined || delivery.accountId === accountId),
      );
    },
  );
}

/**
 * The order in which a channel's alerts go out: critical ones first, of each kind those that go apart behind the
 * others, the smallest division first, and else in order of arrival.
 */
export function byPriorityThenSequence(a: DeliveryDocument, b: DeliveryDocument): number {
  return a.priority - b.priority || maxTogetherOf(a) - maxTogetherOf(b) || a.sequence - b.sequence;
}

/** The same for the database, where what is not there stands before all numbers. */
const sendOrder = { priority: 1, 'division.maxTogether': 1, sequence: 1 } as const;

function maxTogetherOf({ division }: DeliveryDocument): number {
  return division?.maxTogether ?? 0;
}
