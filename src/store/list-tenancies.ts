import type { Collection, Filter } from 'mongodb';
import { distinctTenancies, type Tenancy } from './tenancy.ts';

/** Documents per page. */
const pageSize = 500;

/**
 * Lists the tenancies of some documents. They are read in pages, each after the last tenancy of the previous page, so
 * a tenancy with a backlog of any length takes one page. An index has to begin with what `filter` compares for
 * equality, followed by `channelId` and `accountId`.
 * @param among channels
 */
export async function listTenancies<T extends Tenancy>(
  documents: Collection<T>,
  filter: Filter<T>,
  among?: readonly string[],
): Promise<Tenancy[]> {
  const readPage = (where: object): Promise<Tenancy[]> =>
    documents
      .find<Tenancy>(
        { ...filter, ...where },
        {
          sort: { channelId: 1, accountId: 1 },
          limit: pageSize,
          batchSize: pageSize,
          projection: { _id: 0, channelId: 1, accountId: 1 },
        },
      )
      .toArray();
  const inChannels = (after: string) => ({
    channelId: among === undefined ? { $gt: after } : { $in: among.filter((id) => id > after) },
  });
  let page = await readPage(inChannels(''));
  const found = [...page];
  for (let last = page[pageSize - 1]; last !== undefined; last = page[pageSize - 1]) {
    const { channelId, accountId } = last;
    page = await readPage({ channelId, accountId: { $gt: accountId } });
    found.push(...page);
    if (page.length === pageSize) continue;
    page = await readPage(inChannels(channelId));
    found.push(...page);
  }
  return distinctTenancies(found);
}
