import { dayMs, hourMs, minuteMs } from '../time.ts';

export type ReaderTime = {
  /** Milliseconds since 1970. */
  now: number;
  /** `Europe/Berlin` */
  timeZone: string;
};

/** @param format of `<!date^…>`: tokens in braces, and text between them */
export function formatDate(at: number, format: string, reader: ReaderTime): string {
  const text = format.replace(
    /\{(\w+)\}/g,
    (whole, token: string) => formatToken(at, token, reader) ?? whole,
  );
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** https://docs.slack.dev/messaging/formatting-message-text#date-formatting; undefined if unknown to Slack. */
function formatToken(at: number, token: string, reader: ReaderTime): string | undefined {
  const write = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-US', { timeZone: reader.timeZone, ...options }).format(at);
  const pretty = (text: string) => relativeDay(at, reader) ?? text;
  const long = () =>
    `${write({ month: 'long' })} ${ordinal(Number(write({ day: 'numeric' })))}, ${write({ year: 'numeric' })}`;
  const short = () => write({ month: 'short', day: 'numeric', year: 'numeric' });
  switch (token) {
    case 'date_num':
      return isoDay(at, reader.timeZone);
    case 'date_slash':
      return write({ month: '2-digit', day: '2-digit', year: 'numeric' });
    case 'date':
      return long();
    case 'date_pretty':
      return pretty(long());
    case 'date_short':
      return short();
    case 'date_short_pretty':
      return pretty(short());
    case 'date_long':
      return `${write({ weekday: 'long' })}, ${long()}`;
    case 'date_long_pretty':
      return pretty(`${write({ weekday: 'long' })}, ${long()}`);
    case 'time':
      return write({ hour: 'numeric', minute: '2-digit' });
    case 'time_secs':
      return write({ hour: 'numeric', minute: '2-digit', second: '2-digit' });
    case 'ago':
      return ago(reader.now - at);
    default:
      return undefined;
  }
}

/** `2026-03-02` */
export function isoDay(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(at);
}

function relativeDay(at: number, { now, timeZone }: ReaderTime): string | undefined {
  const asDay = (instant: number) => Date.parse(isoDay(instant, timeZone)) / dayMs;
  const difference = asDay(at) - asDay(now);
  const names: Record<number, string> = { [-1]: 'yesterday', 0: 'today', 1: 'tomorrow' };
  return names[difference];
}

function ordinal(number: number): string {
  const suffixes: Record<string, string> = { one: 'st', two: 'nd', few: 'rd', other: 'th' };
  return number + (suffixes[new Intl.PluralRules('en-US', { type: 'ordinal' }).select(number)] ?? 'th');
}

function ago(ms: number): string {
  const units = [
    ['day', dayMs],
    ['hour', hourMs],
    ['minute', minuteMs],
    ['second', 1000],
  ] as const;
  const [unit, length] = units.find(([, size]) => Math.abs(ms) >= size) ?? ['second', 1000];
  return new Intl.RelativeTimeFormat('en-US').format(-Math.trunc(ms / length), unit);
}
