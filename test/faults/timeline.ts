import type { Journal } from './journal.ts';
import type { Problem } from './record.ts';

/** How much around a problem is shown, before and after, and how many lines at most. */
const marginMs = 3000;
const longestTimeline = 60;

type Line = { at: number; text: string };

/** What happened around a problem, in order: to its events, in its channel, to the processes and the database. */
export function timelineOf(problem: Problem, journal: Journal): string[] {
  const from = problem.from - marginMs;
  const to = problem.to + marginMs;
  const { channelId } = problem;
  const isHere = (channelIds: readonly string[]) => channelId !== undefined && channelIds.includes(channelId);
  const lines: Line[] = [
    ...journal.notes
      .filter(({ kind, channelIds }) => {
        if (channelIds.length > 0) return isHere(channelIds);
        return kind !== 'line';
      })
      .map(({ at, text }) => ({ at, text })),
    ...(channelId === undefined ? [] : inChannel(channelId, journal)),
  ].filter(({ at }) => from <= at && at <= to);
  lines.push(...problem.eventIds.flatMap((id) => ofEvent(id, journal)));
  const shown = lines.sort((a, b) => a.at - b.at);
  const left = shown.length - longestTimeline;
  return [
    ...shown
      .slice(0, longestTimeline)
      .map(({ at, text }) => `${(at / 1000).toFixed(3).padStart(9)} s  ${text}`),
    ...(left > 0 ? [`${''.padStart(11)}  and ${left} more`] : []),
  ];
}

function inChannel(channelId: string, journal: Journal): Line[] {
  const messages = new Map<object, { at: number; text: string; ids: string[] }>();
  for (const { eventId, channelId: where, message } of journal.arrivals) {
    if (where !== channelId) continue;
    const { at, slot, end } = message;
    const how = end === undefined ? 'nobody waited' : end.isAnswered ? 'ok' : 'no answer got through';
    const line = messages.get(message) ?? { at, text: `process ${slot} posts, ${how}:`, ids: [] };
    line.ids.push(eventId);
    messages.set(message, line);
  }
  return [
    ...[...messages.values()].map(({ at, text, ids }) => ({ at, text: `${text} ${ids.join(' ')}` })),
    ...journal.refusedCalls
      .filter((call) => call.channelId === channelId)
      .map(({ at, status, body, isFaulty }) => ({
        at,
        text: `Slack answers ${status} ${body}${isFaulty ? ' (armed)' : ''}`,
      })),
  ];
}

function ofEvent(id: string, journal: Journal): Line[] {
  const attempts = journal.events.get(id)?.post.attempts ?? [];
  return attempts.flatMap(({ slot, from, to, outcome }) => [
    { at: from, text: `${id} is posted to process ${slot}` },
    { at: to, text: `${id} is answered by process ${slot}: ${outcome}` },
  ]);
}
