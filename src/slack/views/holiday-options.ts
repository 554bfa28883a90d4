import type { PlainTextOption } from '@slack/types';
import { listCalendars, nameCalendar } from '../../domain/holidays.ts';
import { maxQueryLength, toSearchable } from '../../domain/time-zone-index.ts';
import { limits } from '../../messages/block-kit/limits.ts';
import { plainText } from '../../messages/block-kit/mrkdwn.ts';
import { truncate } from '../../messages/block-kit/truncate.ts';
import { copy } from './copy.ts';

export const noCalendar = 'none';

/** `DE`, `DE/BY`, or `null` for none. */
export function calendarOption(calendar: string | null): PlainTextOption {
  if (calendar === null) return toOption(noCalendar, copy.rules.noHolidays);
  const [country = '', region = null] = calendar.split('/');
  return toOption(calendar, nameCalendar(country, region));
}

/** Lists countries before regions; none for a text of more than 100 characters. */
export function calendarOptions(query: string): PlainTextOption[] {
  if (query.length > maxQueryLength) return [];
  const words = toSearchable(query).split(' ').filter(Boolean);
  const found = listCalendars().filter(({ name }) => {
    const names = toSearchable(name);
    return words.every((word) => ` ${names}`.includes(` ${word}`));
  });
  const countries = found.filter(({ region }) => region === null);
  const regions = found.filter(({ region }) => region !== null);
  return [
    calendarOption(null),
    ...[...countries, ...regions].map(({ country, region, name }) =>
      toOption([country, region ?? []].flat().join('/'), name),
    ),
  ].slice(0, limits.selectOptions);
}

function toOption(value: string, label: string): PlainTextOption {
  return { text: plainText(truncate(label, limits.optionText)), value };
}
