import { gather } from '../gather.ts';
import type { PerlyEvent } from '../perly/event.ts';
import { isDatabaseAway, isUnreachable } from '../store/database.ts';
import type { Receipt, Recorded, Recorder } from './record.ts';
import type { FollowUp } from './redecide.ts';

/** Takes posted events. @returns a receipt for each, in the same order, once they are durable */
export type Intake = (events: readonly PerlyEvent[]) => Promise<readonly Receipt[]>;

/** As many events are recorded together: as many as one batch may have. */
const mostTogether = 1000;

/** How many recordings may be under way; what comes meanwhile is recorded together. */
const width = 3;

/**
 * Records what several requests posted together, and then sees to what follows from it: once whoever posted has been
 * answered, since nothing goes to Slack before.
 */
export function createIntake(record: Recorder, follow: (followUp: FollowUp) => void): Intake {
  return gather<readonly PerlyEvent[], readonly Receipt[]>(
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
}

/** To each request the receipts of its own events. */
function split({ receipts }: Recorded, requests: readonly (readonly unknown[])[]): Receipt[][] {
  let at = 0;
  return requests.map(({ length }) => {
    at += length;
    return receipts.slice(at - length, at);
  });
}
