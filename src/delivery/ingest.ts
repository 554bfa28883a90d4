import type { PerlyEvent } from '../domain/event.ts';
import { createBatcher } from '../lib/batcher.ts';
import { createKeyedLimit } from '../lib/keyed-limit.ts';
import { isDatabaseAway, isUnreachable } from '../store/database.ts';
import type { Receipt, Recorded, Recorder } from './record.ts';
import type { NextSteps } from './reevaluate-held.ts';

/** One receipt per event, in the same order. */
export type IngestResult = { events: readonly PerlyEvent[]; receipts: readonly Receipt[]; rejected: number };

/** @returns one receipt each, in the same order, once the events are durable */
export type Ingest = (events: readonly PerlyEvent[]) => Promise<readonly Receipt[]>;

const maxEventsPerRecording = 1000;

/** Maximum of an account's events that are in progress or in the shared queue, to leave places for others. */
const maxEventsPerAccount = 100;

/** Larger requests are recorded in parts, to keep each recording short. */
const maxPartLength = 50;

/** Events that arrive meanwhile share the next recording. */
const concurrency = 3;

/**
 * Sends nothing to Slack before its request is answered, unless the channel is already being served. The
 * parts of a request are scheduled together.
 */
export function createIngest(record: Recorder, scheduleNext: (nextSteps: NextSteps) => void): Ingest {
  const limit = createKeyedLimit({ maxPerKey: maxEventsPerAccount, rejectsAll: isUnreachable });
  const recordTogether = createBatcher<Part, RecordedPart>(
    async (parts) => split(await record(parts.flatMap(({ events }) => events)), parts),
    // An error of one request must not fail the others, unless the database is unreachable.
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
    let failure: { error: unknown } | undefined;
    function throwFailure(): void {
      if (failure !== undefined) throw failure.error;
    }
    async function recordPart(part: Part): Promise<void> {
      try {
        const recorded = await limit(part.accountId, part.events.length, async () => {
          throwFailure();
          return recordTogether(part);
        });
        allSteps.push(recorded.nextSteps);
        for (const [at, receipt] of recorded.receipts.entries()) receipts[part.indexes[at] ?? at] = receipt;
      } catch (error) {
        failure ??= { error };
      }
    }
    await Promise.all(toParts(events).map(recordPart));
    scheduleAfterAnswer(allSteps);
    throwFailure();
    return receipts;
  };
}

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
