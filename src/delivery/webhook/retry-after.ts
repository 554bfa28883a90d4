import { minuteMs } from '../../lib/time.ts';

/** Maximum wait after any answer; then Slack is tried again. */
export const maxWaitMs = 15 * minuteMs;

const day = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const month = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const time = String.raw`\d\d:\d\d:\d\d`;

/** Matches both HTTP date forms with a zone (RFC 9110, 5.6.7), and asctime's, which is in GMT. */
const httpDate = new RegExp(
  String.raw`^(?:${day}, \d\d ${month} \d{4} ${time} GMT|${day}[a-z]*, \d\d-${month}-\d\d ${time} GMT)$`,
);
const asctimeDate = new RegExp(String.raw`^${day} ${month} [ \d]\d ${time} \d{4}$`);

/** Reads seconds or an HTTP date (RFC 9110, 10.2.3). @returns milliseconds, above 0 and at most `maxWaitMs` */
export function parseRetryAfter(value: string | string[] | undefined, now: Date): number | undefined {
  const text = (Array.isArray(value) ? value[0] : value)?.trim() ?? '';
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : parseDate(text) - now.getTime();
  return ms > 0 ? Math.min(ms, maxWaitMs) : undefined;
}

/** @returns NaN if the text is not an HTTP date */
function parseDate(text: string): number {
  if (httpDate.test(text)) return Date.parse(text);
  return asctimeDate.test(text) ? Date.parse(`${text} GMT`) : Number.NaN;
}
