import type { RunLog } from './run-log.ts';
import type { ArrivedMessage, Post, Problem } from './run-record.ts';

/** Time that is shown before and after a problem, and the maximum number of lines. */
const marginMs = 3000;
const maxTimelineLines = 60;

/** The same line within this time is counted, not repeated. */
const repeatMs = 10_000;

type Line = { at: number; text: string };

/**
 * In order of time: what happened to the processes, the database and the problem's channel around it, and at any time to
 * its events.
 */
export function timelineOf(
  problem: Pick<Problem, 'from' | 'to' | 'channelId' | 'eventIds'>,
  runLog: RunLog,
): string[] {
  const { channelId, eventIds } = problem;
  const around = [
    ...runLog.notes.filter(({ kind, channelIds }) =>
      channelIds.length === 0 ? kind !== 'line' : channelId !== undefined && channelIds.includes(channelId),
    ),
    ...refusalsIn(channelId, runLog),
    ...messagesIn(channelId, [], runLog),
  ].filter(({ at }) => problem.from - marginMs <= at && at <= problem.to + marginMs);
  const posts = new Set(eventIds.flatMap((id) => runLog.events.get(id)?.post ?? []));
  const lines: Line[] = [
    ...around,
    ...messagesIn(channelId, eventIds, runLog),
    ...[...posts].flatMap((post) => triesOf(post)),
  ];
  const texts = withoutRepeats(lines.sort((a, b) => a.at - b.at)).map(
    ({ at, text }) => `${(at / 1000).toFixed(3).padStart(9)} s  ${text}`,
  );
  const left = texts.length - maxTimelineLines;
  if (left <= 0) return texts;
  return [
    ...texts.slice(0, maxTimelineLines / 2),
    `${''.padStart(11)}  and ${left} more`,
    ...texts.slice(-maxTimelineLines / 2),
  ];
}

/** A repeated line is printed once, with the number of repeats. */
function withoutRepeats(lines: readonly Line[]): Line[] {
  const kept = new Map<string, Line & { times: number }>();
  const all: (Line & { times: number })[] = [];
  for (const { at, text } of lines) {
    const before = kept.get(text);
    if (before !== undefined && at - before.at < repeatMs) {
      if (at > before.at) before.times += 1;
      continue;
    }
    const line = { at, text, times: 1 };
    kept.set(text, line);
    all.push(line);
  }
  return all.map(({ at, text, times }) => ({ at, text: times > 1 ? `${text} (${times} times)` : text }));
}

/** The messages of a channel, or only those with one of these events. */
function messagesIn(
  channelId: string | undefined,
  eventIds: readonly string[],
  { arrivals }: RunLog,
): Line[] {
  const messages = new Map<ArrivedMessage, { count: number; named: string[] }>();
  for (const { eventId, message, ...arrival } of arrivals) {
    if (arrival.channelId !== channelId) continue;
    const seen = messages.get(message) ?? { count: 0, named: [] };
    seen.count += 1;
    if (eventIds.includes(eventId)) seen.named.push(eventId);
    messages.set(message, seen);
  }
  return [...messages]
    .filter(([, { named }]) => eventIds.length === 0 || named.length > 0)
    .map(([{ at, slot, end }, { count, named }]) => {
      const how =
        end === undefined ? 'was gone before Slack took it' : end.isAnswered ? 'got the ok' : 'got no answer';
      const what = named.length > 0 ? `with ${named.join(' ')}` : `of ${count}`;
      return { at, text: `process ${slot} posted a message ${what} and ${how}` };
    });
}

function refusalsIn(channelId: string | undefined, { refusedCalls }: RunLog): Line[] {
  return refusedCalls
    .filter((call) => call.channelId === channelId)
    .map(({ at, status, body, isFaulty }) => ({
      at,
      text: `Slack took no message: ${status} ${body}${isFaulty ? ' (armed)' : ''}`,
    }));
}

function triesOf({ eventIds, attempts }: Post): Line[] {
  const [first, ...others] = eventIds;
  const what = others.length === 0 ? first : `${first} with ${others.length} others`;
  return attempts.flatMap(({ slot, from, to, outcome }) => [
    { at: from, text: `${what} is posted to process ${slot}` },
    { at: to, text: `process ${slot} answers ${outcome} to ${what}` },
  ]);
}
