import { type Division, maxAlerts } from '../store/deliveries/document.ts';
import type { BuiltMessage } from './built-message.ts';

/**
 * Says how a message goes on that Slack refused: once more as plain text, then in halves.
 *
 * @returns `undefined` when it held one entry alone, as plain text: that one is what Slack refuses
 */
export function splitMessage({
  deliveries,
  entries,
  isPlain,
}: Omit<BuiltMessage, 'message' | 'more'>): Division | undefined {
  const isContinued = deliveries.some(({ division }) => division?.isContinued);
  const known = { isContinued, unprovenSince: null, isTried: false };
  if (!isPlain) return { maxTogether: entries, isPlain: true, ...known };
  if (entries === 1) return undefined;
  return { maxTogether: halfOf(entries), isPlain: false, ...known };
}

/** A digest shows no more than its worst customers: what Slack does not take is among those. */
export function halfOf(entries: number): number {
  return Math.ceil(Math.min(entries, maxAlerts) / 2);
}
