import type { Collection, Filter, FindOptions } from 'mongodb';
import { createBatcher } from '../../lib/batcher.ts';
import { unique } from '../../lib/group-by.ts';
import { listTenancies } from '../list-tenancies.ts';
import { distinctTenancies, type Tenancy, tenancyFilter } from '../tenancy.ts';
import type { DeliveryDocument } from './document.ts';

/**
 * Deliveries to read for each of several channels; a channel with more is queried alone: for the first few pending
 * ones, or for a whole digest.
 */
const maxPerChannel = { pending: 4, held: 50 };
/** Extra documents that such a query reads, since a few channels may have many. */
const extraLimit = 20;

/** Above this, due deliveries are listed channel by channel. */
const maxFewDue = 200;
const tenancyFields = { _id: 0, channelId: 1, accountId: 1 };

type DueQuery = { channelId: string; accountId?: string; now: Date };

type MaybeServing = { channelId: string; accountId: string | null };

/** When the first delivery of the given account, and the first of others, is due. */
export type Due = { own?: Date | undefined; other?: Date | undefined };

/** Candidates for the next message, critical ones first and then in order of arrival. */
type Waiting = {
  pending: DeliveryDocument[];
  held: DeliveryDocument[];
};

export function createDeliveryQueries(deliveries: Collection<DeliveryDocument>) {
  const list: List = (filter, options) => deliveries.find(filter, options).toArray();

  const listPending = (tenancy: Tenancy, limit: number): Promise<DeliveryDocument[]> =>
    list({ state: 'pending', ...tenancyFilter(tenancy) }, { sort: sendOrder, limit });

  const listHeldDue = (tenancy: Tenancy, now: Date, limit: number): Promise<DeliveryDocument[]> =>
    list({ state: 'held', ...tenancyFilter(tenancy), nextAttemptAt: { $lte: now } }, { limit });

  const pendingOf = combineQueries(list, 'pending', { isDue: false });
  const pendingDueOf = combineQueries(list, 'pending', { isDue: true });
  const heldDueOf = combineQueries(list, 'held', { isDue: true });

  const listWaitingHeld = async (tenancy: Tenancy, now: Date, limit: number): Promise<DeliveryDocument[]> =>
    (await heldDueOf({ ...tenancy, now })) ?? (await listHeldDue(tenancy, now, limit));

  const listWaiting = async (
    tenancy: Tenancy,
    now: Date,
    limits: { pending: number; held: number },
  ): Promise<Waiting> => {
    const [pending, held] = await Promise.all([
      pendingOf({ ...tenancy, now }),
      limits.held === 0 ? [] : listWaitingHeld(tenancy, now, limits.held),
    ]);
    return {
      pending:
        pending?.toSorted(byPriorityThenSequence).slice(0, limits.pending) ??
        (await listPending(tenancy, limits.pending)),
      held,
    };
  };

  const findDue = async ({ channelId, accountId }: MaybeServing, now: Date, until: Date): Promise<Due> => {
    const [pending, held] = await Promise.all([
      pendingDueOf({ channelId, now: until }),
      heldDueOf({ channelId, now: until }),
    ]);
    if (pending !== undefined && held !== undefined) return firstDue([...pending, ...held], accountId);
    const findFirst = async (of: Tenancy | { channelId: string }) =>
      (await findOneDue(of, now)) ?? (until > now ? await findFirstDue(of, until) : undefined);
    const own = accountId === null ? undefined : await findFirst({ channelId, accountId });
    if (own === undefined) return { other: await findFirst({ channelId }) };
    return own <= now ? { own } : { own, other: await findOneDue({ channelId }, now) };
  };

  return {
    /** Critical ones first, then in order of arrival. */
    listPending,

    listPendingDue: (tenancy: Tenancy, now: Date, limit: number): Promise<DeliveryDocument[]> =>
      list(
        { state: 'pending', ...tenancyFilter(tenancy), nextAttemptAt: { $lte: now } },
        { sort: sendOrder, limit },
      ),

    listWaiting,

    listWaitingHeld,

    /** Lists pending deliveries of any account; `undefined` if there are many. */
    listFewPending: (channelId: string) => pendingOf({ channelId, now: new Date() }),

    /** True if the channel holds anything, of any account. */
    hasHeld: createBatcher(async (channelIds: readonly string[]) => {
      const holding = new Set(await listChannelsWith('held', channelIds));
      return channelIds.map((id) => holding.has(id));
    }),

    async listUnfinishedChannels(): Promise<string[]> {
      return [...(await listChannelsWith('pending')), ...(await listChannelsWith('held'))];
    },

    /** Lists a digest that Slack did not accept, in order of arrival. */
    listDigest: (tenancy: Tenancy, limit: number): Promise<DeliveryDocument[]> =>
      list(
        { state: 'pending', ...tenancyFilter(tenancy), digest: { $ne: null } },
        { sort: { sequence: 1 }, limit },
      ),

    hasDue: async (tenancy: Tenancy, now: Date) =>
      (await findOneDue(tenancyFilter(tenancy), now)) !== undefined,

    /**
     * Looks for pending and held deliveries; others than the given account's may be left out if that has one due.
     * @param until finds also what is due by then
     */
    findDue: (of: MaybeServing, now: Date, until: Date = now) => findDue(of, now, until),

    hasHeldDue: async (tenancy: Tenancy, now: Date) =>
      (await findOneOf('held', tenancyFilter(tenancy), now)) !== undefined,

    async hasSentSince(tenancy: Tenancy, since: Date): Promise<boolean> {
      const sent = { state: 'sent', ...tenancyFilter(tenancy), finishedAt: { $gt: since } } as const;
      return (await deliveries.findOne(sent, { projection: { _id: 1 } })) !== null;
    },

    /** Lists them in sending order. */
    listHeldDue: (tenancy: Tenancy, now: Date, limit: number): Promise<DeliveryDocument[]> =>
      list(
        { state: 'held', ...tenancyFilter(tenancy), nextAttemptAt: { $lte: now } },
        { sort: sendOrder, limit },
      ),

    listDue: (now: Date) => listDue(deliveries, now),

    countHeldDue: (tenancy: Tenancy, now: Date): Promise<number> =>
      deliveries.countDocuments({ state: 'held', ...tenancyFilter(tenancy), nextAttemptAt: { $lte: now } }),

    /** @param after lists only deliveries that are due later than this */
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
        { sort: { rulesEpoch: 1 }, limit },
      ),
  };

  async function listChannelsWith(
    state: DeliveryDocument['state'],
    among?: readonly string[],
  ): Promise<string[]> {
    return unique((await listTenancies(deliveries, { state }, among)).map(({ channelId }) => channelId));
  }

  /** @returns when it is due */
  async function findOneOf(
    state: 'pending' | 'held',
    of: Tenancy | { channelId: string },
    now: Date,
    order: Pick<FindOptions, 'sort'> = {},
  ): Promise<Date | undefined> {
    const found = await deliveries.findOne(
      { state, ...of, nextAttemptAt: { $lte: now } },
      { projection: { nextAttemptAt: 1 }, ...order },
    );
    return found?.nextAttemptAt;
  }

  async function findOneDue(of: Tenancy | { channelId: string }, now: Date): Promise<Date | undefined> {
    return (await findOneOf('pending', of, now)) ?? (await findOneOf('held', of, now));
  }

  async function findFirstDue(of: Tenancy | { channelId: string }, until: Date): Promise<Date | undefined> {
    const order = { sort: { nextAttemptAt: 1 } } as const;
    const [pending, held] = await Promise.all([
      findOneOf('pending', of, until, order),
      findOneOf('held', of, until, order),
    ]);
    return pending === undefined || (held !== undefined && held < pending) ? held : pending;
  }
}

export function firstDue(due: readonly DeliveryDocument[], accountId: string | null): Due {
  const first: Due = {};
  for (const { accountId: owner, nextAttemptAt } of due) {
    const whose = owner === accountId ? 'own' : 'other';
    const earliest = first[whose];
    if (earliest === undefined || nextAttemptAt < earliest) first[whose] = nextAttemptAt;
  }
  return first;
}

async function listDue(deliveries: Collection<DeliveryDocument>, now: Date): Promise<Tenancy[]> {
  const due = { state: 'pending', nextAttemptAt: { $lte: now } } as const;
  const options = { limit: maxFewDue, batchSize: maxFewDue, projection: tenancyFields } as const;
  const few = await deliveries.find<Tenancy>(due, options).toArray();
  return few.length < maxFewDue ? distinctTenancies(few) : listTenancies(deliveries, due);
}

type List = (filter: Filter<DeliveryDocument>, options?: FindOptions) => Promise<DeliveryDocument[]>;

/**
 * Reads `maxPerChannel` documents for each channel; `extraLimit` is added once.
 * @returns `undefined` if there were more than that
 */
function combineQueries(list: List, state: 'pending' | 'held', { isDue }: { isDue: boolean }) {
  return createBatcher(
    async (questions: readonly DueQuery[]): Promise<(DeliveryDocument[] | undefined)[]> => {
      const byChannel = new Map<string, DeliveryDocument[]>(
        questions.map(({ channelId }) => [channelId, []]),
      );
      const accountIds = questions.flatMap(({ accountId }) => accountId ?? []);
      const latest = new Date(Math.max(...questions.map(({ now }) => now.getTime())));
      const limit = byChannel.size * maxPerChannel[state] + extraLimit;
      const filter = {
        state,
        ...(isDue && { nextAttemptAt: { $lte: latest } }),
        channelId: { $in: [...byChannel.keys()] },
        ...(accountIds.length === questions.length && { accountId: { $in: [...new Set(accountIds)] } }),
      };
      const found = await list(filter, { limit, batchSize: limit });
      if (found.length === limit) return questions.map(() => undefined);
      for (const delivery of found) byChannel.get(delivery.channelId)?.push(delivery);
      return questions.map(({ channelId, accountId, now }) =>
        byChannel
          .get(channelId)
          ?.filter(
            (delivery) =>
              (accountId === undefined || delivery.accountId === accountId) &&
              (!isDue || delivery.nextAttemptAt <= now),
          ),
      );
    },
  );
}

/** Critical first; then split deliveries after the others, smallest parts first; then order of arrival. */
export function byPriorityThenSequence(a: DeliveryDocument, b: DeliveryDocument): number {
  return a.priority - b.priority || maxTogetherOf(a) - maxTogetherOf(b) || a.sequence - b.sequence;
}

/** Works in the database like the order above, because missing fields sort before numbers. */
const sendOrder = { priority: 1, 'split.maxTogether': 1, sequence: 1 } as const;

function maxTogetherOf({ split }: DeliveryDocument): number {
  return split?.maxTogether ?? 0;
}
