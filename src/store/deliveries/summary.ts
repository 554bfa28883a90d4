import type { Collection, Document } from 'mongodb';
import type { ChannelDocument, Trouble } from '../channels/document.ts';
import { type Tenancy, tenancyFilter, tenancyOf } from '../tenancy.ts';
import { type DeliveryDocument, isAlert } from './document.ts';
import type { EndReason } from './states.ts';

export type DeliverySummary = {
  isWaiting: boolean;
  /** `null` if nothing was sent within the last 30 days. */
  lastSentAt: Date | null;
  /** Counts no reminders, and at most `maxCount`. */
  held: number;
  nextDigestAt: Date | null;
  /** Counts no reminders, and with `expired` at most `maxCount`. */
  failed: number;
  lastFailedAt: Date | null;
  /** Number of failed alerts that cannot be retried, since their events are no longer stored. */
  expired: number;
};

/** Maximum count: "100+" is enough, and a broken channel may hold any number. */
export const maxCount = 100;

/** Takes one command, and reads a bounded number of index entries per channel, however much it holds. */
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

export const emptySummary: DeliverySummary = {
  isWaiting: false,
  lastSentAt: null,
  held: 0,
  nextDigestAt: null,
  failed: 0,
  lastFailedAt: null,
  expired: 0,
};

/** An alert that failed before this channel served its account was moved here from another one. */
export function isFailing(
  { servesSince }: Pick<ChannelDocument, 'servesSince'>,
  { lastFailedAt, lastSentAt }: Pick<DeliverySummary, 'lastFailedAt' | 'lastSentAt'>,
): boolean {
  if (lastFailedAt === null || lastFailedAt < servesSince) return false;
  return lastSentAt === null || lastFailedAt > lastSentAt;
}

/** Returns a trouble only while alerts are waiting, or if Slack asked to wait. */
export function presentTrouble(
  { trouble }: Pick<ChannelDocument, 'trouble'>,
  { isWaiting }: Pick<DeliverySummary, 'isWaiting'>,
  now: Date,
): Trouble | null {
  if (!trouble) return null;
  return isWaiting || (trouble.waitsUntil !== null && trouble.waitsUntil > now) ? trouble : null;
}

const expiredReasons: EndReason[] = ['event_expired', 'event_missing'];

const isExpired = { $in: [{ $ifNull: ['$lastError', ''] }, expiredReasons] };

function ifExpired(then: unknown, otherwise: unknown): Document {
  return { $cond: [isExpired, then, otherwise] };
}

type SummaryPart = Partial<DeliverySummary> & { channelId: string };

/** Each pipeline reads only the start of an index. */
function summaryPipelines(tenancy: Tenancy): Document[][] {
  const { channelId } = tenancy;
  const one = { _id: 0, channelId: { $literal: channelId } };
  const summed = (sums: Document) => [
    { $limit: maxCount },
    { $group: { _id: null, ...sums } },
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
      { $match: { state: 'held', ...tenancyFilter(tenancy), ...isAlert } },
      { $sort: { nextAttemptAt: 1 } },
      ...summed({ held: { $sum: 1 }, nextDigestAt: { $first: '$nextAttemptAt' } }),
    ],
    [
      { $match: { state: 'failed', ...tenancyFilter(tenancy), ...isAlert } },
      { $sort: { finishedAt: -1 } },
      ...summed({
        failed: { $sum: ifExpired(0, 1) },
        lastFailedAt: { $max: ifExpired(null, '$finishedAt') },
        expired: { $sum: ifExpired(1, 0) },
      }),
    ],
  ];
}
