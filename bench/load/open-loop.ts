import { setTimeout as wait } from 'node:timers/promises';
import { Agent } from 'undici';
import type { Sink } from './sink.ts';

/** A prepared request. `numbers` are those of its events. */
export type LoadRequest = {
  origin: string;
  path: string;
  headers: Record<string, string>;
  body: string;
  numbers: number[];
};

export type LoadResult = {
  /** For each event that arrived, from its request's due time to its message's last byte. Milliseconds, ascending. */
  arrivals: Float64Array;
  /** For each accepted request, from its due time to the answer. Milliseconds, ascending. */
  answers: Float64Array;
  /** Requests without a 2xx, by what they got instead. */
  refused: Map<string, number>;
  /** Accepted events that never arrived. */
  lost: number;
  /** From the first request to the last arrival. Seconds. */
  seconds: number;
};

/** Slack's pace, retries and stalled processes are over by then. Milliseconds. */
const maxSilenceMs = 15_000;

/**
 * Sends requests at a constant rate, whatever happens to earlier ones: a stalled server gets as many requests, and
 * the time they wait counts (no coordinated omission).
 * @param options.rate requests per second
 * @param options.awaitArrivals whether to wait for remaining arrivals after all answers
 * @param options.silenceMs when nothing has arrived for this long, the rest is lost
 */
export async function runLoad(options: {
  sink: Sink;
  requests: readonly LoadRequest[];
  rate: number;
  awaitArrivals?: boolean;
  silenceMs?: number;
}): Promise<LoadResult> {
  const { sink, requests, rate, awaitArrivals = true, silenceMs = maxSilenceMs } = options;
  const agent = new Agent({ connections: 256, pipelining: 1 });
  const dueAt = new Map<number, number>();
  const arrivals: number[] = [];
  const answers: number[] = [];
  const refused = new Map<string, number>();
  let lastSign = performance.now();
  sink.onArrival = (number, at) => {
    const due = dueAt.get(number);
    if (due === undefined) return;
    dueAt.delete(number);
    arrivals.push(at - due);
    lastSign = at;
  };

  async function send({ origin, path, headers, body, numbers }: LoadRequest, due: number): Promise<void> {
    for (const number of numbers) dueAt.set(number, due);
    const outcome = await agent
      .request({ origin, path, method: 'POST', headers, body })
      .then(async (answer) => {
        const text = await answer.body.text();
        return answer.statusCode < 300 ? undefined : `${answer.statusCode} ${text.slice(0, 200)}`;
      })
      .catch((error: unknown) => String(error));
    if (outcome === undefined) answers.push(performance.now() - due);
    else {
      refused.set(outcome, (refused.get(outcome) ?? 0) + 1);
      for (const number of numbers) dueAt.delete(number);
    }
  }

  const began = performance.now() + 5;
  const pending: Promise<void>[] = [];
  for (let next = 0; next < requests.length; ) {
    const due = began + (next / rate) * 1000;
    const early = due - performance.now();
    if (early > 0) await wait(Math.ceil(early));
    const request = requests[next++];
    if (request !== undefined) pending.push(send(request, due));
  }
  await Promise.all(pending);
  const answered = performance.now();
  lastSign = answered;
  while (awaitArrivals && dueAt.size > 0 && performance.now() - lastSign < silenceMs) await wait(20);
  await agent.close();
  return {
    arrivals: Float64Array.from(arrivals).sort(),
    answers: Float64Array.from(answers).sort(),
    refused,
    lost: awaitArrivals ? dueAt.size : 0,
    seconds: ((awaitArrivals ? lastSign : answered) - began) / 1000,
  };
}

/** @param sorted ascending @param share 0–1 */
export function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
