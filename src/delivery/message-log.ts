import type { Logger } from 'pino';
import type { Clock } from '../lib/clock.ts';
import type { DeliveryDocument } from '../store/deliveries/document.ts';
import { fromEventKey, receivedAt } from '../store/events.ts';
import type { MessageKind } from './observer.ts';

/** What is logged of a message: what it was made of, and what became of its deliveries. */
export type LoggedMessage = {
  channelId: string;
  kind: MessageKind;
  deliveries: readonly DeliveryDocument[];
  /** The state in which the deliveries are from now on. */
  state: 'sent' | 'pending' | 'held' | 'failed';
  /** What Slack said, or the system. */
  error?: string;
  /** How long Slack asked to wait. Milliseconds. */
  waitMs?: number;
  /** Whether nobody knows if Slack took it. */
  isLost?: boolean;
};

/**
 * Writes one line for each message, with the ids of its events, by which an event can be followed from its POST to
 * here; a digest of more than fifty alerts takes several. `msSinceAccepted` is that of the oldest alert, `attempt` the
 * number of the try that was the most patient one's.
 */
export function createMessageLog(logger: Logger, clock: Pick<Clock, 'now'>) {
  return (level: 'info' | 'warn' | 'error', message: LoggedMessage, text: string): void => {
    if (!logger.isLevelEnabled(level)) return;
    const { deliveries, ...fields } = message;
    const oldest = Math.min(...deliveries.map((delivery) => receivedAt(delivery).getTime()));
    const line = {
      ...fields,
      alerts: deliveries.length,
      attempt: Math.max(...deliveries.map(({ attempts }) => attempts)) + 1,
      msSinceAccepted: clock.now().getTime() - oldest,
    };
    const ids = deliveries.map(({ eventKey }) => fromEventKey(eventKey).eventId);
    for (const eventIds of idLines(ids)) logger[level]({ ...line, eventIds }, text);
  };
}

/** So many ids stand on one line of the log, which stays shorter than what log shippers cut. */
const idsPerLine = 50;

/** Ids as the lines of a log take them. */
export function idLines(ids: readonly string[]): string[][] {
  const lines: string[][] = [];
  for (let from = 0; from < ids.length; from += idsPerLine) lines.push(ids.slice(from, from + idsPerLine));
  return lines;
}
