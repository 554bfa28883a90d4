import type { RichTextDate } from '@slack/types';

const months = 'January February March April May June July August September October November December'.split(
  ' ',
);

/** Both in the reader's time zone. */
const readersFormat = '{date_short_pretty} at {time}';

/** An RFC 3339 time as milliseconds since 1970. */
export function toMillis(time: string): number {
  return Date.parse(time.toUpperCase());
}

/** An RFC 3339 time in words, in UTC: `2 March 2026, 14:05 UTC`. */
function utcTime(time: string): string {
  const date = new Date(toMillis(time));
  const clock = date.toISOString().replace(/^.*T(\d\d:\d\d).*$/, '$1');
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}, ${clock} UTC`;
}

/**
 * An RFC 3339 time as mrkdwn that each reader sees in their own time zone ("Today at 3:05 PM").
 * https://docs.slack.dev/messaging/formatting-message-text#date-formatting
 */
export function readersTime(time: string): string {
  const seconds = Math.floor(toMillis(time) / 1000);
  // Slack's documentation speaks of Unix timestamps only; what it makes of a negative one is not known.
  if (seconds <= 0) return utcTime(time);
  return `<!date^${seconds}^${readersFormat}|${utcTime(time)}>`;
}

/** The same as {@link readersTime} in rich text, for an instant after 1970. */
export function readersDate(at: Date): RichTextDate {
  const timestamp = Math.floor(at.getTime() / 1000);
  return { type: 'date', timestamp, format: readersFormat, fallback: utcTime(at.toISOString()) };
}
