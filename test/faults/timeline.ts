import type { Journal } from './journal.ts';
import type { ArrivedMessage, Post, Problem } from './record.ts';

/** How much around a problem is shown, before and after, and how many lines at most. */
const marginMs = 3000;
const longestTimeline = 60;

type Line = { at: number; text: string };

/**
 * What happened around a problem or the like, in order: to the processes and the database, in its channel, and, whenever that was,
 * to its events.
 */
export function timelineOf(
  problem: Pick<Problem, 'from' | 'to' | 'channelId' | 'eventIds'>,
  journal: Journal,
): string[] {
  const { channelId, eventIds } = problem;
  const around = [
    ...journal.notes.filter(({ kind, channelIds }) =>
      channelIds.length === 0 ? kind !== 'line' : channelId !== undefined && channelIds.includes(channelId),
    ),
    ...refusalsIn(channelId, journal),
    ...messagesIn(channelId, [], journal),
  ].filter(({ at }) => problem.from - marginMs <= at && at <= problem.to + marginMs);
  const posts = new Set(eventIds.flatMap((id) => journal.events.get(id)?.post ?? []));
  const lines: Line[] = [
    ...around,
    ...messagesIn(channelId, eventIds, journal),
    ...[...posts].flatMap((post) => triesOf(post)),
  ];
  const texts = lines
    .sort((a, b) => a.at - b.at)
    .map(({ at, text }) => `${(at / 1000).toFixed(3).padStart(9)} s  ${text}`);
  const shown = [...new Set(texts)];
  const left = shown.length - longestTimeline;
  return [...shown.slice(0, longestTimeline), ...(left > 0 ? [`${''.padStart(11)}  and ${left} more`] : [])];
}

/** The messages of a channel, or only those with one of these events, which are named. */
function messagesIn(
  channelId: string | undefined,
  eventIds: readonly string[],
  { arrivals }: Journal,
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

function refusalsIn(channelId: string | undefined, { refusedCalls }: Journal): Line[] {
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
