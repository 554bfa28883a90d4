import type { Collection, Filter } from 'mongodb';
import type { Tenancy } from '../tenancy.ts';
import type { DeliveryDocument } from './document.ts';

/** How many deliveries are read at once. */
const pageSize = 500;

const projection = { _id: 0, channelId: 1, accountId: 1 } as const;

/** Reads the due deliveries if they are few; otherwise a page of each channel at most. */
export async function listDueTenancies(
  deliveries: Collection<DeliveryDocument>,
  now: Date,
): Promise<Tenancy[]> {
  const due = { state: 'pending', nextAttemptAt: { $lte: now } } as const;
  const few = await deliveries.find(due, { limit: pageSize, batchSize: pageSize, projection }).toArray();
  return few.length < pageSize ? distinct(few) : listTenancies(deliveries, due);
}

/**
 * Lists the tenancies of some deliveries. An index that starts with `state`, `channelId` and `accountId` is read in
 * pages, each after the last tenancy of the previous page, so a backlog of any length takes one page.
 * @param among channels
 */
export async function listTenancies(
  deliveries: Collection<DeliveryDocument>,
  filter: Pick<Filter<DeliveryDocument>, 'state' | 'nextAttemptAt'>,
  among?: readonly string[],
): Promise<Tenancy[]> {
  const readPage = (where: Filter<DeliveryDocument>): Promise<Tenancy[]> =>
    deliveries
      .find(
        { ...filter, ...where },
        {
          sort: { channelId: 1, accountId: 1 },
          limit: pageSize,
          batchSize: pageSize,
          projection,
        },
      )
      .toArray();
  const toChannels = (after: string): Filter<DeliveryDocument> => ({
    channelId: among === undefined ? { $gt: after } : { $in: among.filter((id) => id > after) },
  });
  let page = await readPage(toChannels(''));
  const found = [...page];
  for (let last = page[pageSize - 1]; last !== undefined; last = page[pageSize - 1]) {
    const { channelId, accountId } = last;
    page = await readPage({ channelId, accountId: { $gt: accountId } });
    found.push(...page);
    if (page.length === pageSize) continue;
    page = await readPage(toChannels(channelId));
    found.push(...page);
  }
  return distinct(found);
}

function distinct(tenancies: readonly Tenancy[]): Tenancy[] {
  const byKey = new Map(
    tenancies.map(({ channelId, accountId }) => [
      JSON.stringify([channelId, accountId]),
      { channelId, accountId },
    ]),
  );
  return [...byKey.values()];
}
