import type { PerlyEvent } from '../../perly/event.ts';
import { toMillis } from './time.ts';

/** When events came, by their ids. */
export type Arrivals = ReadonlyMap<string, Date>;

/** When an event happened, as far as order goes: one that claims to be in the future happened when it came. */
export function orderingTime({ id, occurred_at }: PerlyEvent, arrivals?: Arrivals): number {
  const arrived = arrivals?.get(id)?.getTime() ?? Number.POSITIVE_INFINITY;
  return Math.min(toMillis(occurred_at), arrived);
}
