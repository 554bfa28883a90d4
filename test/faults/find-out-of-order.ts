import type { Arrival, Post, Problem, RunRecord } from './run-record.ts';

/**
 * The app promises order per channel, for alerts that are not critical, between events accepted one after the other.
 * So the first arrivals of two events are compared if both were in one request that was accepted at the first attempt,
 * or if all attempts of one had ended, with a 202, before the other was first posted, to the same process. Overlapping
 * requests, and requests to processes with different clocks, have no order. Newer alerts may overtake one whose message
 * failed, since that alert may be the cause.
 * @param firsts the first arrival of each event in each channel
 */
export function findOutOfOrder(
  run: RunRecord,
  firsts: ReadonlyMap<string, ReadonlyMap<string, Arrival>>,
): Problem[] {
  return run.channelIds.flatMap((channelId) => {
    const candidates = toCandidates(run, firsts.get(channelId) ?? new Map());
    const slots = new Set(candidates.map(({ slot }) => slot));
    return [
      ...[...slots].flatMap((slot) => betweenRequests(candidates.filter((one) => one.slot === slot))),
      ...withinRequests(candidates),
    ].map(({ before, after }) => toProblem(channelId, before, after));
  });
}

/** An arrival that can be compared: all attempts of its request went to one process. */
type Candidate = {
  arrival: Arrival;
  post: Post;
  slot: number;
  from: number;
  answeredAt: number;
  /** Whether a message with it failed before it arrived. */
  hasFailed: boolean;
};
type Pair = { before: Candidate; after: Candidate };

function toCandidates(run: RunRecord, firsts: ReadonlyMap<string, Arrival>): Candidate[] {
  const failures = listFailures(run);
  return [...firsts.values()].flatMap((arrival) => {
    const event = run.events.get(arrival.eventId);
    if (event === undefined || event.isCritical) return [];
    const { post } = event;
    const [first] = post.attempts;
    if (first === undefined || post.answeredAt === undefined) return [];
    if (post.attempts.some(({ slot }) => slot !== first.slot)) return [];
    const failedAt = failures.get(failureKey(arrival.channelId, arrival.eventId));
    const hasFailed = failedAt !== undefined && failedAt <= arrival.message.at;
    return [{ arrival, post, slot: first.slot, from: first.from, answeredAt: post.answeredAt, hasFailed }];
  });
}

/**
 * When Slack first refused a message with the alert, other than to make it wait. An alert whose answer was lost counts
 * as arrived.
 */
function listFailures({ refusedCalls }: RunRecord): Map<string, number> {
  const failures = new Map<string, number>();
  for (const { at, channelId, status, eventIds } of refusedCalls) {
    if (status === 429) continue;
    for (const eventId of eventIds) {
      const key = failureKey(channelId, eventId);
      failures.set(key, Math.min(at, failures.get(key) ?? at));
    }
  }
  return failures;
}

function failureKey(channelId: string, eventId: string): string {
  return `${channelId} ${eventId}`;
}

/** Compares each with the latest arrival of all that were accepted before it was posted. */
function betweenRequests(candidates: readonly Candidate[]): Pair[] {
  const byStart = [...candidates].sort((a, b) => a.from - b.from);
  const byAnswer = [...candidates].sort((a, b) => a.answeredAt - b.answeredAt);
  const pairs: Pair[] = [];
  let latest: Candidate | undefined;
  let next = 0;
  for (const after of byStart) {
    for (
      let done = byAnswer[next];
      done !== undefined && done.answeredAt <= after.from;
      done = byAnswer[++next]
    )
      if (!done.hasFailed && (latest === undefined || done.arrival.place > latest.arrival.place))
        latest = done;
    if (latest !== undefined && latest.arrival.place > after.arrival.place)
      pairs.push({ before: latest, after });
  }
  return pairs;
}

function withinRequests(candidates: readonly Candidate[]): Pair[] {
  const byEvent = new Map(candidates.map((candidate) => [candidate.arrival.eventId, candidate]));
  const posts = new Set(candidates.filter(({ post }) => post.attempts.length === 1).map(({ post }) => post));
  return [...posts].flatMap(({ eventIds }) => {
    const found = eventIds.flatMap((id) => byEvent.get(id) ?? []);
    return found.flatMap((after, index) => {
      const before = found
        .slice(0, index)
        .find(({ arrival, hasFailed }) => !hasFailed && arrival.place > after.arrival.place);
      return before === undefined ? [] : [{ before, after }];
    });
  });
}

function toProblem(channelId: string, before: Candidate, after: Candidate): Problem {
  const ids = [before.arrival.eventId, after.arrival.eventId];
  return {
    kind: 'out of order',
    text: `${ids[1]} was posted after ${ids[0]} but came before it in ${channelId}`,
    from: before.from,
    to: before.arrival.message.at,
    channelId,
    eventIds: ids,
  };
}
