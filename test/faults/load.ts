import { setTimeout as wait } from 'node:timers/promises';
import type { FaultChannel } from './channels.ts';
import type { Options } from './options.ts';
import { postUntilAccepted } from './post-until-accepted.ts';
import { createRandom } from './random.ts';
import type { RunLog } from './run-log.ts';
import type { Post } from './run-record.ts';
import { makeEvent, type SampleEvent } from './sample.ts';

/** Concurrent requests; beyond that the load waits, and is no longer an open loop. */
const maxInFlight = 300;

/** Deliberate repeats are of one of so many last accepted events. */
const maxRecent = 50;

/**
 * Posts events at a constant rate, to each process in turn: singles, batches, and sometimes a repeat.
 * @param giveUp stops retrying requests that were not accepted
 * @returns `answered` resolves when all requests are answered; `waits`: how often the load had to wait
 */
export async function runLoad(parts: {
  options: Options;
  channels: readonly FaultChannel[];
  urls: readonly string[];
  secret: string;
  runLog: RunLog;
  giveUp: AbortSignal;
}): Promise<{ answered: Promise<void>; waits: number }> {
  const { options, channels, runLog } = parts;
  const random = createRandom(options.seed ^ 0x10ad);
  const accounts = [...new Set(channels.map(({ accountId }) => accountId))];
  const pending = new Set<Promise<void>>();
  const recentEvents: SampleEvent[] = [];
  const began = runLog.now();
  let made = 0;
  let waits = 0;

  for (let number = 0; made < options.events; number++) {
    const dueAt = began + (made / options.rate) * 1000;
    await wait(Math.max(0, dueAt - runLog.now()));
    if (runLog.now() - began >= options.loadMs) break;
    if (pending.size >= maxInFlight) {
      waits += 1;
      await Promise.race(pending);
    }
    const size = random.chance(0.65) ? 1 : random.between(2, options.batch);
    const fresh = Array.from({ length: Math.min(size, options.events - made) }, () =>
      makeEvent(random, made++, accounts),
    );
    const repeats = recentEvents.length > 0 && random.chance(0.08) ? [random.pick(recentEvents)] : [];
    const posted = post(number, fresh, repeats).finally(() => pending.delete(posted));
    pending.add(posted);
  }
  return { answered: Promise.all(pending).then(() => undefined), waits };

  async function post(number: number, fresh: SampleEvent[], repeats: SampleEvent[]): Promise<void> {
    const record: Post = { eventIds: fresh.map(({ id }) => id), attempts: [], answeredAt: undefined };
    runLog.posts.push(record);
    for (const event of fresh) runLog.events.set(event.id, toPosted(event, record));
    const all = [...fresh, ...repeats];
    const receipt = await postUntilAccepted({
      body: JSON.stringify(all.length === 1 ? all[0] : { events: all }),
      urls: parts.urls,
      secret: parts.secret,
      first: number % parts.urls.length,
      attempts: record.attempts,
      now: runLog.now,
      signal: parts.giveUp,
    });
    if (receipt === undefined) return;
    record.answeredAt = runLog.now();
    recentEvents.push(...fresh);
    recentEvents.splice(0, recentEvents.length - maxRecent);

    const { accepted, duplicates, rejected } = receipt;
    // An attempt whose answer was lost may have been accepted; one answered with 202 certainly was.
    const isRight =
      rejected.length === 0 &&
      accepted + duplicates === all.length &&
      duplicates >= repeats.length &&
      (record.attempts.length > 1 || duplicates === repeats.length);
    if (!isRight)
      runLog.problem(
        'wrong answer',
        `${JSON.stringify(receipt)} to ${fresh.length} new events and ${repeats.length} repeated ones`,
        all.map(({ id }) => id),
      );
  }

  function toPosted(event: SampleEvent, record: Post) {
    const own = channels.filter(({ accountId }) => accountId === event.account_id);
    return {
      isCritical: event.risk_level === 'critical',
      channelIds: own.filter(({ accepts }) => accepts(event)).map(({ id }) => id),
      digestIds: own.filter(({ isInDigest }) => isInDigest?.(event)).map(({ id }) => id),
      post: record,
    };
  }
}
