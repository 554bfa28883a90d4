import { hourMs } from '../time.ts';

/** Milliseconds from `now` to the next Monday, 09:00 in the zone; a week where it is just that. */
export function msToMonday(now: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: 'numeric',
    hourCycle: 'h23',
  });
  const isInOpeningHour = (at: number) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return parts.weekday === 'Mon' && Number(parts.hour) === 9;
  };
  // Every zone's hours begin with a quarter of UTC's.
  const quarter = hourMs / 4;
  let at = Math.floor(now / quarter) * quarter + quarter;
  while (!isInOpeningHour(at) || isInOpeningHour(at - quarter)) at += quarter;
  return at - now;
}
