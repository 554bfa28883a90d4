import { setTimeout as wait } from 'node:timers/promises';
import type { Engine } from './engine.ts';
import type { RunLog } from './run-log.ts';

const checkIntervalMs = 250;

/** Time without any activity: long enough for requests in flight to Slack. */
const idleMs = 2500;

/**
 * Waits until the database has nothing pending or held and nothing more arrives; on the embedded store, which other
 * processes cannot read, until all that is due has arrived.
 *
 * @returns after how many milliseconds; at the latest after `drainMs`
 */
export async function waitUntilIdle(engine: Engine, runLog: RunLog, drainMs: number): Promise<number> {
  const began = runLog.now();
  const database = engine.isSeparate ? await engine.open() : undefined;
  const isQuiet = async () =>
    database === undefined
      ? hasAllArrived(runLog)
      : (await database.db
          .collection('deliveries')
          .countDocuments({ state: { $in: ['pending', 'held'] } })) === 0;
  let quietSince: number | undefined;
  for (;;) {
    const now = runLog.now();
    const lastArrival = runLog.arrivals.at(-1)?.message.at ?? 0;
    quietSince = (await isQuiet()) ? (quietSince ?? now) : undefined;
    if (quietSince !== undefined && now - Math.max(quietSince, lastArrival) >= idleMs) break;
    if (now - began >= drainMs) break;
    await wait(checkIntervalMs);
  }
  await database?.close();
  return runLog.now() - began;
}

function hasAllArrived({ events, arrivals }: RunLog): boolean {
  const arrived = new Set(arrivals.map(({ eventId, channelId }) => `${eventId} ${channelId}`));
  return [...events].every(([id, { channelIds, post }]) =>
    post.answeredAt === undefined ? true : channelIds.every((channelId) => arrived.has(`${id} ${channelId}`)),
  );
}
