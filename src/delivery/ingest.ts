import type { PerlyEvent } from '../domain/event.ts';
import { createBatcher } from '../lib/batcher.ts';
import { createKeyedLimit } from '../lib/keyed-limit.ts';
import { isDatabaseAway, isUnreachable } from '../store/database.ts';
import type { Receipt, Recorded, Recorder } from './record.ts';
import type { NextSteps } from './reevaluate-held.ts';

/** What a body held: events with a receipt for each, in the same order, and how many others that are none. */
export type IngestResult = { events: readonly PerlyEvent[]; receipts: readonly Receipt[]; rejected: number };

/** Takes posted events. @returns a receipt for each, in the same order, once they are durable */
export type Ingest = (events: readonly PerlyEvent[]) => Promise<readonly Receipt[]>;

/** As many events are recorded together: as many as one batch may have. */
const maxEventsPerRecording = 1000;

/**
 * So many events of one account may be on their way to the database. What it posts beyond that waits in a queue of its own:
 * an account that posts large batches without pause takes one or two of the recordings, and others find one free.
 */
const maxEventsPerAccount = 500;

/** A larger request is recorded in parts of so many events of one account, so that each recording is a short one. */
const maxPartLength = 250;

/** How many recordings may be under way; what comes meanwhile is recorded together. */
const concurrency = 3;

/**
 * Records what several requests posted together, and then sees to what follows from it: once whoever posted has been
 * answered, since nothing goes to Slack before. What is recorded in parts is followed when all of them are recorded, or
 * one has failed. Only a channel that is being served in that moment, here or by another process, may send the first
 * alerts of a request before its answer.
 */
export function createIngest(record: Recorder, scheduleNext: (nextSteps: NextSteps) => void): Ingest {
  const limit = createKeyedLimit({ maxPerKey: maxEventsPerAccount, rejectsAll: isUnreachable });
  const recordTogether = createBatcher<Part, RecordedPart>(
    async (parts) => split(await record(parts.flatMap(({ events }) => events)), parts),
    // What one request is refused for does not concern the others that came with it.
    // Whoever waited while the database was looked for in vain does not wait as long again.
    {
      maxBatchSize: maxEventsPerRecording,
      concurrency,
      sizeOf: ({ events }) => events.length,
      rejectsAll: isUnreachable,
      isolates: (error) => !isDatabaseAway(error),
    },
  );

  let unscheduled: NextSteps[] = [];
  function scheduleAfterAnswer(allSteps: readonly NextSteps[]): void {
    if (allSteps.length === 0) return;
    if (unscheduled.length === 0)
      setImmediate(() => {
        const all = unscheduled;
        unscheduled = [];
        scheduleNext(merge(all));
      });
    unscheduled.push(...allSteps);
  }

  return async (events) => {
    const receipts: Receipt[] = [];
    const allSteps: NextSteps[] = [];
    const failed = new AbortController();
    async function recordPart(part: Part): Promise<void> {
      try {
        const recorded = await limit(part.accountId, part.events.length, async () => {
          failed.signal.throwIfAborted();
          return recordTogether(part);
        });
        allSteps.push(recorded.nextSteps);
        for (const [at, receipt] of recorded.receipts.entries()) receipts[part.indexes[at] ?? at] = receipt;
      } catch (error) {
        failed.abort(error);
      }
    }
    await Promise.all(toParts(events).map(recordPart));
    scheduleAfterAnswer(allSteps);
    failed.signal.throwIfAborted();
    return receipts;
  };
}

/** Events of one account, with their places in the request. */
type Part = { accountId: string; indexes: number[]; events: PerlyEvent[] };

type RecordedPart = { receipts: Receipt[]; nextSteps: NextSteps };

function toParts(events: readonly PerlyEvent[]): Part[] {
  const parts: Part[] = [];
  const current = new Map<string, Part>();
  for (const [index, event] of events.entries()) {
    let part = current.get(event.account_id);
    if (part === undefined || part.events.length === maxPartLength) {
      part = { accountId: event.account_id, indexes: [], events: [] };
      current.set(event.account_id, part);
      parts.push(part);
    }
    part.indexes.push(index);
    part.events.push(event);
  }
  return parts;
}

/** To each part the receipts of its own events, and the channels of its account. */
function split({ receipts, tenancies, openings }: Recorded, parts: readonly Part[]): RecordedPart[] {
  const channelIds = new Map<string, string[]>(parts.map(({ accountId }) => [accountId, []]));
  for (const { accountId, channelId } of tenancies) channelIds.get(accountId)?.push(channelId);
  let at = 0;
  return parts.map(({ accountId, events: { length } }) => {
    at += length;
    const nextSteps = { channelIds: channelIds.get(accountId) ?? [], openings };
    return { receipts: receipts.slice(at - length, at), nextSteps };
  });
}

function merge(allSteps: readonly NextSteps[]): NextSteps {
  return {
    channelIds: [...new Set(allSteps.flatMap(({ channelIds }) => channelIds))],
    openings: allSteps.flatMap(({ openings }) => openings),
  };
}
