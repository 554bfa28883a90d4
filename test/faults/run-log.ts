import { performance } from 'node:perf_hooks';
import type { Arrival, Outage, Post, PostedEvent, Problem, RefusedCall, RunRecord } from './run-record.ts';

/** Lines kept, in all and per process, to limit memory. */
const keptLines = 20_000;
const maxLineLength = 300;

/** An event in the timeline. */
type Note = {
  at: number;
  text: string;
  channelIds: readonly string[];
  kind: 'outage' | 'line' | 'error';
};

/** The harness's own record of a run. */
export type RunLog = RunRecord & {
  /** Since the run began. Milliseconds. */
  now(): number;
  readonly events: Map<string, PostedEvent>;
  readonly posts: Post[];
  readonly arrivals: Arrival[];
  /** Number of mentions. */
  mentions: number;
  readonly outages: Outage[];
  readonly refusedCalls: RefusedCall[];
  /** Problems besides those that verification finds. */
  readonly problems: Problem[];
  readonly notes: readonly Note[];
  /** Counters of Slack's faults that were triggered. */
  readonly slackFaults: Map<string, () => number>;
  note(text: string, channelIds?: readonly string[]): void;
  line(slot: number, line: string): void;
  problem(kind: Problem['kind'], text: string, eventIds?: readonly string[], channelId?: string): void;
};

export function createRunLog(channelIds: readonly string[]): RunLog {
  const began = performance.now();
  const now = () => performance.now() - began;
  const notes: Note[] = [];
  const lines: Note[] = [];
  const problems: Problem[] = [];
  return {
    channelIds,
    now,
    events: new Map(),
    posts: [],
    arrivals: [],
    mentions: 0,
    outages: [],
    refusedCalls: [],
    problems,
    slackFaults: new Map(),
    get notes() {
      return [...notes, ...lines];
    },
    note(text, channelIds = []) {
      notes.push({ at: now(), text, channelIds, kind: 'outage' });
    },
    line(slot, line) {
      const channel = channelIds.filter((id) => line.includes(id));
      lines.push({ at: now(), ...readLine(slot, line), channelIds: channel });
      if (lines.length > keptLines) lines.splice(0, keptLines / 10);
    },
    problem(kind, text, eventIds = [], channelId) {
      const at = now();
      problems.push({
        kind,
        text,
        from: at - 5000,
        to: at,
        eventIds,
        ...(channelId !== undefined && { channelId }),
      });
    },
  };
}

type LogLine = {
  level?: string;
  msg?: string;
  err?: { message?: string };
  error?: string;
  alerts?: number;
  waitMs?: number;
};

/** A log line of the app in short form; other lines, of a stack or cut short by a kill, unchanged. */
function readLine(slot: number, line: string): Pick<Note, 'text' | 'kind'> {
  const short = (text: string) => `process ${slot}: ${text.slice(0, maxLineLength)}`;
  if (!line.startsWith('{"level"') || !line.endsWith('}')) return { text: short(line), kind: 'error' };
  const { level, msg, err, error, alerts, waitMs }: LogLine = JSON.parse(line);
  const facts = Object.entries({ error: err?.message ?? error, alerts, waitMs })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${value}`);
  const kind = level === 'error' || level === 'fatal' ? 'error' : 'line';
  return { text: short([`${level} ${msg}`, ...facts].join(', ')), kind };
}
