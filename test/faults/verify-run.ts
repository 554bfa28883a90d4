import { type DuplicateReason, explainDuplicate } from './explain-duplicate.ts';
import { findOutOfOrder } from './find-out-of-order.ts';
import type { Arrival, Problem, RunRecord } from './run-record.ts';

/** For this long after a process died, stopped or came back, a 429 of Slack's own is no problem. */
const paceExcuseMs = 3000;

export type Delay = { ms: number; from: number; eventId: string; channelId: string };

/** Of everything that was answered with 202. */
export type RunReport = {
  problems: Problem[];
  /** `due` alerts had to arrive; `arrived` did. */
  due: number;
  arrived: number;
  /** By reason. */
  explained: Partial<Record<DuplicateReason, number>>;
  /** From the 202 to the first arrival, shortest first. */
  delays: Delay[];
};

/** Checks the run against the promises of docs/operations.md, "Delivery". */
export function verifyRun(run: RunRecord): RunReport {
  const byChannel = groupArrivals(run);
  const problems: Problem[] = [];
  const explained: RunReport['explained'] = {};
  const delays: Delay[] = [];
  let due = 0;

  for (const [eventId, { channelIds, post }] of run.events) {
    for (const channelId of channelIds) {
      if (post.answeredAt === undefined) continue;
      due += 1;
      const first = byChannel.get(channelId)?.get(eventId)?.[0];
      if (first === undefined) problems.push(lost(eventId, channelId, post.answeredAt));
      else {
        const ms = Math.max(0, first.message.at - post.answeredAt);
        delays.push({ ms, from: post.answeredAt, eventId, channelId });
      }
    }
  }
  for (const [channelId, byEvent] of byChannel) {
    for (const arrivals of byEvent.values()) {
      if (!belongs(run, arrivals[0], channelId)) problems.push(unexpected(arrivals));
      for (const [index, later] of arrivals.slice(1).entries()) {
        const earlier = arrivals[index];
        if (earlier === undefined) continue;
        const reason = explainDuplicate(earlier.message, later.message, run.outages);
        if (reason === undefined) problems.push(duplicate(earlier, later));
        else explained[reason] = (explained[reason] ?? 0) + 1;
      }
    }
  }
  problems.push(...findUnanswered(run), ...findWrongAnswers(run), ...findTooFast(run));
  problems.push(...findOutOfOrder(run, toFirsts(run, byChannel)));
  return { problems, due, arrived: delays.length, explained, delays: delays.sort((a, b) => a.ms - b.ms) };
}

type ByChannel = Map<string, Map<string, Arrival[]>>;

function groupArrivals(run: RunRecord): ByChannel {
  const byChannel: ByChannel = new Map(run.channelIds.map((id) => [id, new Map()]));
  for (const arrival of run.arrivals) {
    const byEvent = byChannel.get(arrival.channelId);
    const key = arrival.isReminder ? `${arrival.eventId} reminder` : arrival.eventId;
    const arrivals = byEvent?.get(key);
    if (arrivals === undefined) byEvent?.set(key, [arrival]);
    else arrivals.push(arrival);
  }
  return byChannel;
}

/** Leaves out digests, which have an order of their own. */
function toFirsts(run: RunRecord, byChannel: ByChannel): Map<string, Map<string, Arrival>> {
  return new Map(
    [...byChannel].map(([channelId, byEvent]) => [
      channelId,
      new Map(
        [...byEvent].flatMap(([id, [first]]) =>
          first === undefined || run.events.get(id)?.channelIds.includes(channelId) !== true
            ? []
            : [[id, first] as const],
        ),
      ),
    ]),
  );
}

/** Only critical alerts have reminders, and only others come in digests. */
function belongs(run: RunRecord, first: Arrival | undefined, channelId: string): boolean {
  const event = run.events.get(first?.eventId ?? '');
  if (event?.channelIds.includes(channelId)) return first?.isReminder !== true || event.isCritical;
  return event?.digestIds?.includes(channelId) === true;
}

function lost(eventId: string, channelId: string, answeredAt: number): Problem {
  const text = `${eventId} was answered with 202 and never came to ${channelId}`;
  return {
    kind: 'lost',
    text,
    from: answeredAt - 2000,
    to: answeredAt + 10_000,
    channelId,
    eventIds: [eventId],
  };
}

function unexpected([first]: readonly Arrival[]): Problem {
  const { eventId = '', channelId = '', message = { at: 0 } } = first ?? {};
  const text = `${eventId} came to ${channelId}, where it does not belong`;
  return { kind: 'unexpected', text, from: message.at, to: message.at, channelId, eventIds: [eventId] };
}

function duplicate(earlier: Arrival, later: Arrival): Problem {
  const { eventId, channelId, message } = later;
  const text = `${eventId} came to ${channelId} once more, and nothing explains it`;
  return {
    kind: 'duplicate',
    text,
    from: earlier.message.at,
    to: message.at,
    channelId,
    eventIds: [eventId],
  };
}

function findUnanswered({ posts }: RunRecord): Problem[] {
  return posts
    .filter(({ answeredAt }) => answeredAt === undefined)
    .map(({ eventIds, attempts }) => ({
      kind: 'unanswered',
      text: `${eventIds.join(' ')} was never answered with 202, in ${attempts.length} tries`,
      from: attempts[0]?.from ?? 0,
      to: attempts.at(-1)?.to ?? 0,
      eventIds,
    }));
}

/** A valid request is answered with 202, or with 503 while the database is unavailable. */
function findWrongAnswers({ posts }: RunRecord): Problem[] {
  return posts.flatMap(({ eventIds, attempts }) =>
    attempts
      .filter(({ outcome }) => /^\d+$/.test(outcome) && outcome !== '202' && outcome !== '503')
      .slice(0, 1)
      .map(({ slot, from, to, outcome }): Problem => {
        const text = `process ${slot} answered ${outcome} to ${eventIds.join(' ')}`;
        return { kind: 'wrong answer', text, from, to, eventIds };
      }),
  );
}

/** Slack's own 429s, except right after a process died or stopped, and its refusals of a message. */
function findTooFast({ refusedCalls, outages }: RunRecord): Problem[] {
  const isExcused = (at: number) =>
    outages.some(
      ({ kind, from, to }) =>
        kind !== 'cut' && [from, to].some((instant) => instant <= at && at <= instant + paceExcuseMs),
    );
  return (
    refusedCalls
      // Without an answer (0) the process was gone.
      .filter(({ isFaulty, status, at }) => !isFaulty && status !== 0 && !(status === 429 && isExcused(at)))
      .map(({ at, channelId, status, body }) => ({
        kind: status === 429 ? 'too fast' : 'refused',
        text: `Slack answered ${status} ${body} in ${channelId} of its own accord`,
        from: at - 2000,
        to: at,
        channelId,
        eventIds: [],
      }))
  );
}
