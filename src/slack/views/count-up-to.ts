import { mostCounted } from '../../store/delivery-summary.ts';

/** A count of deliveries: `14`, or `100+` from where nobody counts on. */
export function countUpTo(count: number): string {
  return count < mostCounted ? String(count) : `${mostCounted}+`;
}
