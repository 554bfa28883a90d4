import type { Logger } from 'pino';
import type { Clock } from '../lib/clock.ts';
import type { DeliveryDocument } from '../store/deliveries/document.ts';
import { fromEventKey, receivedAt } from '../store/events.ts';
import type { MessageKind } from './observer.ts';

export type LoggedMessage = {
  channelId: string;
  kind: MessageKind;
  deliveries: readonly DeliveryDocument[];
  state: 'sent' | 'pending' | 'held' | 'failed';
  error?: string;
  /** Delay that Slack asked for. */
  waitMs?: number;
  /** True if it is unknown whether Slack accepted the message. */
  isLost?: boolean;
};

/**
 * Logs one line per message, with the ids of its events; a digest of more than fifty alerts takes several.
 * `msSinceAccepted` is that of the oldest alert, `attempt` the highest.
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

const idsPerLine = 50;

export function idLines(ids: readonly string[]): string[][] {
  const lines: string[][] = [];
  for (let from = 0; from < ids.length; from += idsPerLine) lines.push(ids.slice(from, from + idsPerLine));
  return lines;
}
