import { hourMs } from '../time.ts';

/** 09:00 in the zone; a week if it is exactly that. */
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
  // In every zone, hours start at a quarter of an hour in UTC.
  const quarter = hourMs / 4;
  let at = Math.floor(now / quarter) * quarter + quarter;
  while (!isInOpeningHour(at) || isInOpeningHour(at - quarter)) at += quarter;
  return at - now;
}
