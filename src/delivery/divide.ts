import type { Refusal } from '../store/delivery-document.ts';
import { maxAlerts } from './choose-next.ts';
import type { Batch } from './compose.ts';

/**
 * How a message goes on that Slack refused: once more as plain text, then in halves. A digest shows no more than its
 * worst customers, so that what Slack refuses is among those.
 *
 * @returns `undefined` when it held one entry alone, as plain text: that one is what Slack refuses
 */
export function divide({
  deliveries,
  entries,
  isPlain,
}: Omit<Batch, 'message' | 'more'>): Refusal | undefined {
  const isContinued = deliveries.some(({ refusal }) => refusal?.isContinued);
  if (!isPlain) return { maxTogether: entries, isPlain: true, isContinued };
  if (entries === 1) return undefined;
  return { maxTogether: Math.ceil(Math.min(entries, maxAlerts) / 2), isPlain: false, isContinued };
}
