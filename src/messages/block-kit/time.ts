import type { RichTextDate } from '@slack/types';

const months = 'January February March April May June July August September October November December'.split(
  ' ',
);

const readersFormat = '{date_short_pretty} at {time}';

export function toMillis(time: string): number {
  return Date.parse(time.toUpperCase());
}

/** Returns `2 March 2026, 14:05 UTC`, for example. */
function utcTime(time: string): string {
  const date = new Date(toMillis(time));
  const clock = date.toISOString().replace(/^.*T(\d\d:\d\d).*$/, '$1');
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}, ${clock} UTC`;
}

/** Shows a time in each reader's zone: https://docs.slack.dev/messaging/formatting-message-text#date-formatting */
export function readersTime(time: string): string {
  const seconds = Math.floor(toMillis(time) / 1000);
  // Slack documents Unix timestamps only; its handling of negative ones is unknown.
  if (seconds <= 0) return utcTime(time);
  return `<!date^${seconds}^${readersFormat}|${utcTime(time)}>`;
}

export function readersDate(at: Date): RichTextDate {
  const timestamp = Math.floor(at.getTime() / 1000);
  return { type: 'date', timestamp, format: readersFormat, fallback: utcTime(at.toISOString()) };
}
