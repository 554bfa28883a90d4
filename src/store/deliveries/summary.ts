import type { Collection, Document } from 'mongodb';
import type { ChannelDocument, Trouble } from '../channels/document.ts';
import { type Tenancy, tenancyFilter, tenancyOf } from '../tenancy.ts';
import type { DeliveryDocument } from './document.ts';

/** How a channel is doing. */
export type DeliverySummary = {
  /** Whether alerts wait to be sent, now or at their next try. */
  isWaiting: boolean;
  /** When its last alert was sent, in the last 30 days. */
  lastSentAt: Date | null;
  /** How many alerts it holds, at most `maxCount`, and when the next digest opens. */
  held: number;
  nextDigestAt: Date | null;
  /** How many failed, at most `maxCount`, and when the last one did. */
  failed: number;
  lastFailedAt: Date | null;
};

/** Further than this nobody counts: "100+" says enough, and a broken channel may hold any number. */
export const maxCount = 100;

/**
 * How channels are doing for the accounts that they serve, by their ids, in one command: what waits, when the last alert came, what they hold and for when, and what
 * failed. Reads a bounded number of index entries for each channel, however much it holds: `held` and `failed` do not
 * grow beyond `maxCount`.
 */
export async function summariseDeliveries(
  deliveries: Collection<DeliveryDocument>,
  channels: readonly Pick<ChannelDocument, '_id' | 'accountId'>[],
): Promise<Map<string, DeliverySummary>> {
  const summaries = new Map(channels.map(({ _id }) => [_id, { ...emptySummary }]));
  const [first, ...rest] = channels.flatMap((channel) => {
    const tenancy = tenancyOf(channel);
    return tenancy === undefined ? [] : summaryPipelines(tenancy);
  });
  if (first === undefined) return summaries;
  const pipeline = [
    ...first,
    ...rest.map((each) => ({ $unionWith: { coll: 'deliveries', pipeline: each } })),
  ];
  for await (const { channelId, ...part } of deliveries.aggregate<SummaryPart>(pipeline))
    Object.assign(summaries.get(channelId) ?? {}, part);
  return summaries;
}

/** How a channel is doing that has nothing yet. */
export const emptySummary: DeliverySummary = {
  isWaiting: false,
  lastSentAt: null,
  held: 0,
  nextDigestAt: null,
  failed: 0,
  lastFailedAt: null,
};

/** What keeps a channel's alerts back: nothing does where none waits, unless Slack asked to wait. */
export function presentTrouble(
  { trouble }: Pick<ChannelDocument, 'trouble'>,
  { isWaiting }: Pick<DeliverySummary, 'isWaiting'>,
  now: Date,
): Trouble | null {
  if (!trouble) return null;
  return isWaiting || (trouble.waitsUntil !== null && trouble.waitsUntil > now) ? trouble : null;
}

type SummaryPart = Partial<DeliverySummary> & { channelId: string };

/** Four looks at a channel, each the beginning of an index. */
function summaryPipelines(tenancy: Tenancy): Document[][] {
  const { channelId } = tenancy;
  const one = { _id: 0, channelId: { $literal: channelId } };
  const count = (name: string, more: Document = {}) => [
    { $limit: maxCount },
    { $group: { _id: null, [name]: { $sum: 1 }, ...more } },
    { $addFields: { channelId: { $literal: channelId } } },
    { $project: { _id: 0 } },
  ];
  return [
    [
      { $match: { state: 'pending', ...tenancyFilter(tenancy) } },
      { $limit: 1 },
      { $project: { ...one, isWaiting: { $literal: true } } },
    ],
    [
      { $match: { state: 'sent', ...tenancyFilter(tenancy) } },
      { $sort: { finishedAt: -1 } },
      { $limit: 1 },
      { $project: { ...one, lastSentAt: '$finishedAt' } },
    ],
    [
      { $match: { state: 'held', ...tenancyFilter(tenancy) } },
      { $sort: { nextAttemptAt: 1 } },
      ...count('held', { nextDigestAt: { $first: '$nextAttemptAt' } }),
    ],
    [
      { $match: { state: 'failed', ...tenancyFilter(tenancy) } },
      { $sort: { finishedAt: -1 } },
      ...count('failed', { lastFailedAt: { $first: '$finishedAt' } }),
    ],
  ];
}
