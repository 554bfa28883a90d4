import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import type { IngestResult } from '../delivery/ingest.ts';
import { idLines } from '../delivery/message-log.ts';
import type { Receipt } from '../delivery/record.ts';
import type { Metrics } from './metrics.ts';
import type { RequestLog } from './request-log.ts';

const maxAccounts = 10;

/** The ids of events are on the request's line, or on more lines if there are more than 50. */
export function observeEvents(parts: {
  metrics: Pick<Metrics, 'events'>;
  requestLog: Pick<RequestLog, 'addFields' | 'idOf'>;
  logger: Logger;
}): (req: IncomingMessage, result: IngestResult) => void {
  const { metrics, requestLog, logger } = parts;

  return (req, { events, receipts, rejected }) => {
    for (const [index, { type }] of events.entries())
      metrics.events.inc({ type, answer: receipts[index] ?? 'unknown' });
    if (rejected > 0) metrics.events.inc({ type: 'unknown', answer: 'invalid' }, rejected);

    const count = (which: Receipt) => receipts.filter((receipt) => receipt === which).length;
    const [first = [], ...rest] = idLines(events.map(({ id }) => id));
    for (const eventIds of rest)
      logger.info({ requestId: requestLog.idOf(req), eventIds }, 'more events of a request');
    requestLog.addFields(req, {
      accountIds: [...new Set(events.map((event) => event.account_id))].slice(0, maxAccounts),
      accepted: count('accepted'),
      duplicates: count('duplicate'),
      rejected: rejected + count('conflict'),
      eventIds: first,
    });
  };
}
