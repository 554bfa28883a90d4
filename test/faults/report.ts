import type { Journal } from './journal.ts';
import type { Options } from './options.ts';
import type { Delay, Reckoning } from './reckon.ts';
import { type Problem, problemKinds } from './record.ts';
import { timelineOf } from './timeline.ts';

/** How many problems of a kind are told with their timelines. */
const toldOfEach = 3;

/** The table that ends a run. */
export function tableOf(given: {
  options: Options;
  engine: string;
  clocks: readonly number[];
  loadMs: number;
  waits: number;
  calmMs: number;
  reckoning: Reckoning;
  problems: readonly Problem[];
  journal: Journal;
  memoryMb: number;
}): string {
  const { journal, problems, reckoning } = given;
  const many = (kind: Problem['kind']) => String(problems.filter((problem) => problem.kind === kind).length);
  const troubles = (kind: string) =>
    String(journal.troubles.filter((trouble) => trouble.kind === kind).length);
  const accepted = journal.posts.filter(({ answeredAt }) => answeredAt !== undefined);
  const events = accepted.reduce((sum, { eventIds }) => sum + eventIds.length, 0);
  const tries = journal.posts.reduce((sum, { attempts }) => sum + attempts.length, 0);
  const rows: [string, string][] = [
    ['seed', String(given.options.seed)],
    ['processes', given.clocks.map((shift, slot) => `${slot} (clock ${shift / 1000} s)`).join(', ')],
    ['engine', given.engine],
    ['load', `${seconds(given.loadMs)}, then ${seconds(given.calmMs)} of calm; waited ${given.waits} times`],
    ['requests', `${journal.posts.length}, in ${tries} tries`],
    ['events', `${events} answered with 202, of ${journal.events.size}`],
    ['deliveries', `${reckoning.arrived} of ${reckoning.due} arrived`],
    ['messages', String(new Set(journal.arrivals.map(({ message }) => message)).size)],
    ['kills, stops, cuts', ['kill', 'stop', 'cut'].map(troubles).join(', ')],
    ['Slack', list([...journal.slackFaults].map(([name, hits]) => [name, hits()]))],
    ['duplicates', `${list(Object.entries(reckoning.explained))} (explained), ${many('duplicate')} (not)`],
    ['delay', `p50 ${seconds(share(reckoning.delays, 0.5))}, p99 ${seconds(share(reckoning.delays, 0.99))}`],
    ['longest delay', seconds(reckoning.delays.at(-1)?.ms ?? 0)],
    ['memory', `${given.memoryMb} MB at most, of this process`],
    ...problemKinds
      .filter((kind) => kind !== 'duplicate')
      .map((kind): [string, string] => [kind, many(kind)]),
  ];
  return rows.map(([name, value]) => `  ${name.padEnd(20)}${value}`).join('\n');
}

/** What is wrong, with what happened around it. */
export function tellProblems(problems: readonly Problem[], journal: Journal): string {
  return problemKinds
    .flatMap((kind) => {
      const ofKind = problems.filter((problem) => problem.kind === kind);
      const told = ofKind
        .slice(0, toldOfEach)
        .flatMap((problem) => [
          `\n${kind}: ${problem.text}`,
          ...timelineOf(problem, journal).map((line) => `  ${line}`),
        ]);
      const left = ofKind.slice(toldOfEach).map(({ text }) => text);
      return [...told, ...(left.length > 0 ? [`\n${kind}, ${left.length} more:`] : []), ...left.slice(0, 20)];
    })
    .join('\n');
}

/** The alerts that took longest, with what happened meanwhile. */
export function tellSlowest({ delays }: Reckoning, count: number, journal: Journal): string {
  return delays
    .slice(Math.max(0, delays.length - count))
    .flatMap(({ ms, from, eventId, channelId }) => [
      `\nslow: ${eventId} took ${seconds(ms)} to come to ${channelId}`,
      ...timelineOf({ from, to: from + ms, eventIds: [eventId], channelId }, journal).map(
        (line) => `  ${line}`,
      ),
    ])
    .join('\n');
}

function list(counts: readonly (readonly [string, number])[]): string {
  const met = counts.filter(([, count]) => count > 0);
  return met.length === 0 ? 'none' : met.map(([name, count]) => `${name} ${count}`).join(', ');
}

function share(rising: readonly Delay[], part: number): number {
  return rising[Math.floor(rising.length * part)]?.ms ?? 0;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
