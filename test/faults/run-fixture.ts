import type { Arrival, Outage, Post, PostedEvent, RunRecord } from './run-record.ts';

/** A run in a short form, for the tests of verifyRun: one channel, and one event per request unless it is a batch. */
export type RunFixture = {
  /** `[ids, answered at]`, posted 10 ms before to process 0 by default. */
  posted: {
    ids: string[];
    at: number;
    from?: number;
    slots?: number[];
    isCritical?: boolean;
    channelIds?: string[];
    digestIds?: string[];
  }[];
  /** Messages in the order in which Slack accepted them; answered at once with `ok` by default. */
  arrived: {
    ids: string[];
    at: number;
    slot?: number;
    isReminder?: boolean;
    /** Reason why Slack's answer was lost: an armed fault, by itself, or the app no longer waited. */
    lost?: 'armed' | 'by itself' | 'nobody there';
    /** Duration of its request. */
    tookMs?: number;
  }[];
  outages?: Outage[];
  refusedCalls?: RunRecord['refusedCalls'];
};

const channelId = 'C1';

export function toRun({ posted, arrived, outages = [], refusedCalls = [] }: RunFixture): RunRecord {
  const posts: Post[] = [];
  const events: [string, PostedEvent][] = [];
  for (const {
    ids,
    at,
    from = at - 10,
    slots = [0],
    isCritical = false,
    channelIds = [channelId],
    digestIds = [],
  } of posted) {
    const attempts = slots.map((slot) => ({ slot, from, to: at, outcome: '202' }));
    const post = { eventIds: ids, attempts, answeredAt: at };
    posts.push(post);
    for (const id of ids) events.push([id, { isCritical, channelIds, digestIds, post }]);
  }
  const arrivals: Arrival[] = [];
  for (const { ids, at, slot = 0, isReminder = false, lost, tookMs = 5 } of arrived) {
    const end = { isAnswered: lost === undefined, isFaulty: lost === 'armed', at: at + tookMs };
    const message = { at, slot, end: lost === 'nobody there' ? undefined : end };
    for (const eventId of ids)
      arrivals.push({ eventId, channelId, isReminder, place: arrivals.length, message });
  }
  return { channelIds: [channelId], events: new Map(events), posts, arrivals, outages, refusedCalls };
}
