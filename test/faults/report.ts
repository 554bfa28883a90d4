import type { Options } from './options.ts';
import type { RunLog } from './run-log.ts';
import { type Problem, problemKinds } from './run-record.ts';
import { timelineOf } from './timeline.ts';
import type { Delay, RunReport } from './verify-run.ts';

/** Problems of each kind that are printed with their timelines. */
const maxPrintedProblems = 3;

export function tableOf(options: {
  options: Options;
  engine: string;
  clocks: readonly number[];
  loadMs: number;
  waits: number;
  drainMs: number;
  report: RunReport;
  problems: readonly Problem[];
  runLog: RunLog;
  memoryMb: number;
  reminders: number;
}): string {
  const { runLog, problems, report } = options;
  const many = (kind: Problem['kind']) => String(problems.filter((problem) => problem.kind === kind).length);
  const outages = (kind: string) => String(runLog.outages.filter((outage) => outage.kind === kind).length);
  const accepted = runLog.posts.filter(({ answeredAt }) => answeredAt !== undefined);
  const events = accepted.reduce((sum, { eventIds }) => sum + eventIds.length, 0);
  const tries = runLog.posts.reduce((sum, { attempts }) => sum + attempts.length, 0);
  const rows: [string, string][] = [
    ['seed', String(options.options.seed)],
    ['processes', options.clocks.map((shift, slot) => `${slot} (clock ${shift / 1000} s)`).join(', ')],
    ['engine', options.engine],
    [
      'load',
      `${seconds(options.loadMs)}, then ${seconds(options.drainMs)} to drain; waited ${options.waits} times`,
    ],
    ['requests', `${runLog.posts.length}, in ${tries} tries`],
    ['events', `${events} answered with 202, of ${runLog.events.size}`],
    ['deliveries', `${report.arrived} of ${report.due} arrived`],
    ['reminders, mentions', `${options.reminders}, ${runLog.mentions}`],
    ['messages', String(new Set(runLog.arrivals.map(({ message }) => message)).size)],
    ['kills, stops, cuts', ['kill', 'stop', 'cut'].map(outages).join(', ')],
    ['Slack', list([...runLog.slackFaults].map(([name, hits]) => [name, hits()]))],
    ['duplicates', `${list(Object.entries(report.explained))} (explained), ${many('duplicate')} (not)`],
    ['delay', `p50 ${seconds(share(report.delays, 0.5))}, p99 ${seconds(share(report.delays, 0.99))}`],
    ['longest delay', seconds(report.delays.at(-1)?.ms ?? 0)],
    ['memory', `${options.memoryMb} MB at most, of this process`],
    ...problemKinds
      .filter((kind) => kind !== 'duplicate')
      .map((kind): [string, string] => [kind, many(kind)]),
  ];
  return rows.map(([name, value]) => `  ${name.padEnd(20)}${value}`).join('\n');
}

export function printProblems(problems: readonly Problem[], runLog: RunLog): string {
  return problemKinds
    .flatMap((kind) => {
      const ofKind = problems.filter((problem) => problem.kind === kind);
      const printed = ofKind
        .slice(0, maxPrintedProblems)
        .flatMap((problem) => [
          `\n${kind}: ${problem.text}`,
          ...timelineOf(problem, runLog).map((line) => `  ${line}`),
        ]);
      const left = ofKind.slice(maxPrintedProblems).map(({ text }) => text);
      return [
        ...printed,
        ...(left.length > 0 ? [`\n${kind}, ${left.length} more:`] : []),
        ...left.slice(0, 20),
      ];
    })
    .join('\n');
}

export function printSlowest({ delays }: RunReport, count: number, runLog: RunLog): string {
  return delays
    .slice(Math.max(0, delays.length - count))
    .flatMap(({ ms, from, eventId, channelId }) => [
      `\nslow: ${eventId} took ${seconds(ms)} to come to ${channelId}`,
      ...timelineOf({ from, to: from + ms, eventIds: [eventId], channelId }, runLog).map(
        (line) => `  ${line}`,
      ),
    ])
    .join('\n');
}

function list(counts: readonly (readonly [string, number])[]): string {
  const nonZero = counts.filter(([, count]) => count > 0);
  return nonZero.length === 0 ? 'none' : nonZero.map(([name, count]) => `${name} ${count}`).join(', ');
}

function share(rising: readonly Delay[], part: number): number {
  return rising[Math.floor(rising.length * part)]?.ms ?? 0;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
