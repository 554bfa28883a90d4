import { maxAlerts, type Split } from '../store/deliveries/document.ts';
import type { BuiltMessage } from './built-message.ts';

/**
 * Splits a message that Slack refused: first into plain text, and then in halves, a digest by customers, and a single
 * customer by alerts.
 * @returns `undefined` if it was a single alert as plain text, which is what Slack refuses
 */
export function splitMessage({
  deliveries,
  entries,
  isPlain,
}: Omit<BuiltMessage, 'message' | 'more'>): Split | undefined {
  const isContinued = deliveries.some(({ split }) => split?.isContinued);
  const known = { isContinued, unprovenSince: null, isTried: false };
  const isOfAlerts = deliveries.some(({ split }) => split?.maxOfCustomer !== undefined);
  if (!isPlain)
    return {
      maxTogether: entries,
      ...(isOfAlerts && { maxOfCustomer: deliveries.length }),
      isPlain: true,
      ...known,
    };
  if (entries > 1) return { maxTogether: halfOf(entries), isPlain: false, ...known };
  if (deliveries.length === 1) return undefined;
  return { maxTogether: 1, maxOfCustomer: Math.ceil(deliveries.length / 2), isPlain: false, ...known };
}

/** Half of the entries shown: a digest shows only its worst customers, so the cause is among these. */
export function halfOf(entries: number): number {
  return Math.ceil(Math.min(entries, maxAlerts) / 2);
}
