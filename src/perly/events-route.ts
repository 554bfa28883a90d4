import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Ingest, IngestResult } from '../delivery/ingest.ts';
import type { Receipt } from '../delivery/record.ts';
import type { PerlyEvent } from '../domain/event.ts';
import type { AccountLimit } from './account-limit.ts';
import type { SendError } from './error-handler.ts';
import { type BodyParser, invalidBody, type Rejection, type Warning } from './events-body.ts';
import { Problem, sendJson } from './problem.ts';
import type { SignedBodyReader } from './read-signed-body.ts';

export const eventsPath = '/perly/events';

const idTaken = 'was already used for an event with other content';

/** The promise never rejects. */
export type EventsHandler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

/**
 * Answers 202 once events are durable; sending starts right after. Without Express: most of the app's requests come
 * here.
 */
export function createEventsHandler(parts: {
  readSignedBody: SignedBodyReader;
  parseBody: BodyParser;
  limit: AccountLimit;
  ingest: Ingest;
  /** Called before the answer. */
  onIngested: (req: IncomingMessage, result: IngestResult) => void;
  sendError: SendError;
}): EventsHandler {
  async function accept(req: IncomingMessage): Promise<Accepted> {
    const { isBatch, valid, rejected } = await parts.parseBody(await parts.readSignedBody(req));
    if (valid.length === 0) {
      parts.onIngested(req, { events: [], receipts: [], rejected: rejected.length });
      throw isBatch ? invalidBatch(rejected) : invalidBody(rejected[0]?.errors ?? []);
    }

    const events = valid.map(({ event }) => event);
    parts.limit(countByAccount(events));
    const receipts = await parts.ingest(events);
    parts.onIngested(req, { events, receipts, rejected: rejected.length });
    const warnings: Warning[] = valid
      .filter((_, index) => receipts[index] !== 'conflict')
      .flatMap(({ index, event: { id }, warnings }) => warnings.map((one) => ({ index, id, ...one })));
    const conflicts = valid
      .filter((_, index) => receipts[index] === 'conflict')
      .map(({ index, event }) => ({ index, id: event.id, errors: [{ path: 'id', message: idTaken }] }));
    if (!isBatch && conflicts.length > 0)
      throw new Problem({
        status: 409,
        code: 'event_conflict',
        title: 'The id was already used',
        detail: `The event's id ${idTaken}.`,
      });

    return {
      accepted: count(receipts, 'accepted'),
      duplicates: count(receipts, 'duplicate'),
      rejected: [...rejected, ...conflicts].sort((a, b) => a.index - b.index),
      warnings,
    };
  }

  return async (req, res) => {
    try {
      sendJson(res, 202, await accept(req));
    } catch (error) {
      parts.sendError(error, req, res);
    }
  };
}

type Accepted = { accepted: number; duplicates: number; rejected: Rejection[]; warnings: Warning[] };

function countByAccount(events: readonly PerlyEvent[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { account_id: id } of events) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

function count(receipts: readonly Receipt[], which: Receipt): number {
  return receipts.filter((receipt) => receipt === which).length;
}

function invalidBatch(rejected: Rejection[]): Problem {
  return invalidBody([{ path: 'events', message: 'none of them is valid: see rejected' }], { rejected });
}
