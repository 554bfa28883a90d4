import { gather } from '../gather.ts';
import { createKeyedLimit } from '../lib/keyed-limit.ts';
import type { PerlyEvent } from '../perly/event.ts';
import { isDatabaseAway, isUnreachable } from '../store/database.ts';
import type { Receipt, Recorded, Recorder } from './record.ts';
import type { FollowUp } from './redecide.ts';

/** Takes posted events. @returns a receipt for each, in the same order, once they are durable */
export type Intake = (events: readonly PerlyEvent[]) => Promise<readonly Receipt[]>;

/** As many events are recorded together: as many as one batch may have. */
const mostTogether = 1000;

/**
 * So many events of one account may be on their way to the database. What it posts beyond that waits in a queue of its own:
 * an account that posts large batches without pause takes one or two of the recordings, and others find one free.
 */
const maxEventsPerAccount = 500;

/** A larger request is recorded in parts of so many events of one account, so that each recording is a short one. */
const maxPartLength = 250;

/** How many recordings may be under way; what comes meanwhile is recorded together. */
const width = 3;

/**
 * Records what several requests posted together, and then sees to what follows from it: once whoever posted has been
 * answered, since nothing goes to Slack before. Only of a request that is recorded in parts, the first ones may be on
 * their way before its answer.
 */
export function createIntake(record: Recorder, follow: (followUp: FollowUp) => void): Intake {
  const limit = createKeyedLimit({ maxPerKey: maxEventsPerAccount, failsAll: isUnreachable });
  const recordTogether = gather<readonly PerlyEvent[], readonly Receipt[]>(
    async (requests) => {
      const recorded = await record(requests.flat());
      setImmediate(() => follow(recorded));
      return split(recorded, requests);
    },
    // What one request is refused for does not concern the others that came with it.
    // Whoever waited while the database was looked for in vain does not wait as long again.
    {
      most: mostTogether,
      width,
      sizeOf: ({ length }) => length,
      befallsAll: isUnreachable,
      isolates: (error) => !isDatabaseAway(error),
    },
  );

  return async (events) => {
    const receipts: Receipt[] = [];
    const recordPart = async ({ accountId, indexes, part }: Part) => {
      const ofPart = await limit(accountId, part.length, () => recordTogether(part));
      for (const [at, receipt] of ofPart.entries()) receipts[indexes[at] ?? at] = receipt;
    };
    await Promise.all(toParts(events).map(recordPart));
    return receipts;
  };
}

/** Events of one account, with their places in the request. */
type Part = { accountId: string; indexes: number[]; part: PerlyEvent[] };

function toParts(events: readonly PerlyEvent[]): Part[] {
  const parts: Part[] = [];
  const current = new Map<string, Part>();
  for (const [index, event] of events.entries()) {
    let part = current.get(event.account_id);
    if (part === undefined || part.part.length === maxPartLength) {
      part = { accountId: event.account_id, indexes: [], part: [] };
      current.set(event.account_id, part);
      parts.push(part);
    }
    part.indexes.push(index);
    part.part.push(event);
  }
  return parts;
}

/** To each request the receipts of its own events. */
function split({ receipts }: Recorded, requests: readonly (readonly unknown[])[]): Receipt[][] {
  let at = 0;
  return requests.map(({ length }) => {
    at += length;
    return receipts.slice(at - length, at);
  });
}
