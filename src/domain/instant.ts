const rfc3339 =
  /^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-6]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Leap seconds become the next instant. @see https://www.rfc-editor.org/rfc/rfc3339#section-5.6 */
export function toUtc(value: string): string | undefined {
  const time = value.toUpperCase();
  if (!rfc3339.test(time) || !isDay(time.slice(0, 10))) return undefined;
  const isLeapSecond = time.slice(17, 19) === '60';
  const before = isLeapSecond ? `${time.slice(0, 17)}59${time.slice(19)}` : time;
  const ms = Date.parse(before);
  if (Number.isNaN(ms) || (isLeapSecond && !isEndOfMonth(ms))) return undefined;
  const utc = new Date(isLeapSecond ? ms + 1000 : ms).toISOString();
  // An offset can lead to a year outside 0000–9999, which has another form.
  return utc.length === '2026-03-02T14:05:00.000Z'.length ? utc : undefined;
}

/** `Date` rejects month 13, but reads 30 February as 2 March. */
function isDay(date: string): boolean {
  const ms = Date.parse(date);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date);
}

function isEndOfMonth(ms: number): boolean {
  const date = new Date(ms);
  const next = new Date(ms + 1000);
  return date.getUTCMonth() !== next.getUTCMonth();
}
