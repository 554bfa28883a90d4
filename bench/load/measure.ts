import { setTimeout as wait } from 'node:timers/promises';
import type { Subject } from '../subjects/subject.ts';
import { type LoadResult, percentile, runLoad } from './open-loop.ts';
import { cpuMsOf, peakMemoryOf, treeCpuMsOf } from './process-stats.ts';
import { eventFor } from './sample.ts';
import type { Sink } from './sink.ts';

/**
 * After the last arrival, the app waits a second for Slack's rate limit and releases the channel's lease: that CPU time counts too.
 */
const drainMs = 1500;

export type Stats = {
  /** From an event's due time to its message in Slack. Milliseconds. */
  p50: number;
  p99: number;
  /** To the answer. Milliseconds. */
  answerP99: number;
  lost: number;
  refused: Map<string, number>;
  /** Events per second, from the first request to the last arrival. */
  rate: number;
  /** CPU time per event, of the subject, of the database that it stores in, and of the load itself. Milliseconds. */
  cpuMs: number;
  engineCpuMs: number;
  loadCpuMs: number;
  /** Megabytes. */
  memory: number;
};

let nextNumber = 1;

/**
 * Posts events at a constant rate, to each channel in turn.
 * @param batch events per request
 */
export async function measure(
  { sink, subject }: { sink: Sink; subject: Subject },
  load: { rate: number; events: number; channels: number; batch?: number; awaitArrivals?: boolean },
): Promise<Stats> {
  const { batch = 1 } = load;
  const events = Array.from({ length: load.events }, () => {
    const number = nextNumber++;
    return eventFor(number % load.channels, number);
  });
  const requests = Array.from({ length: Math.ceil(events.length / batch) }, (_, index) =>
    subject.toRequest(events.slice(index * batch, (index + 1) * batch)),
  );
  const { pids, enginePids = [] } = subject;
  const cpuBefore = cpuMsOf(pids);
  const engineBefore = treeCpuMsOf(enginePids);
  const own = process.cpuUsage();
  const result = await runLoad({
    sink,
    requests,
    rate: load.rate / batch,
    ...(load.awaitArrivals !== undefined && { awaitArrivals: load.awaitArrivals }),
  });
  await wait(drainMs);
  const { user, system } = process.cpuUsage(own);
  return {
    ...summarise(result),
    rate: load.events / result.seconds,
    cpuMs: (cpuMsOf(pids) - cpuBefore) / load.events,
    engineCpuMs: (treeCpuMsOf(enginePids) - engineBefore) / load.events,
    loadCpuMs: (user + system) / 1000 / load.events,
    memory: peakMemoryOf(pids),
  };
}

function summarise({ arrivals, answers, lost, refused }: LoadResult) {
  return {
    p50: percentile(arrivals, 0.5),
    p99: percentile(arrivals, 0.99),
    answerP99: percentile(answers, 0.99),
    lost,
    refused,
  };
}
