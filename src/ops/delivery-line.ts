import type { DeliveryDocument } from '../store/delivery-document.ts';
import { shellQuote } from './shell-quote.ts';

/** A failed delivery as `deliveries list` prints it: its id is quoted, to be pasted into a shell. */
export function toDeliveryLine({
  _id,
  attempts,
  finishedAt,
  lastError,
}: Pick<DeliveryDocument, '_id' | 'attempts' | 'finishedAt' | 'lastError'>): string {
  const tries = attempts === 1 ? '1 failed try' : `${attempts} failed tries`;
  return `${finishedAt?.toISOString() ?? ''}  ${shellQuote(_id)}  ${tries}, at last: ${lastError ?? 'unknown'}`;
}
