import type { InputBlock, PlainTextOption } from '@slack/types';
import { cityOf } from '../../domain/time-zone.ts';
import { searchTimeZones } from '../../domain/time-zones.ts';
import { weekdays } from '../../domain/vocabulary.ts';
import { plainText } from '../../messages/block-kit/objects.ts';
import { truncate } from '../../messages/block-kit/truncate.ts';
import { actionIds } from './action-ids.ts';
import { copy } from './copy.ts';
import { chosen, input, options } from './inputs.ts';
import { limits } from './limits.ts';
import type { HoursDraft } from './rules-draft.ts';

const text = copy.rules;

/** The fields of business hours. */
export function hoursFields(hours: HoursDraft, generation: number, now: Date): InputBlock[] {
  const days = options(weekdays, text.dayNames);
  return [
    input({
      field: 'timeZone',
      generation,
      label: text.timeZone,
      element: {
        type: 'external_select',
        action_id: actionIds.timeZone,
        min_query_length: 1,
        placeholder: plainText(text.timeZonePlaceholder),
        ...(hours.timeZone !== null && { initial_option: zoneOption(hours.timeZone, now) }),
      },
    }),
    input({
      field: 'days',
      generation,
      label: text.days,
      element: {
        type: 'multi_static_select',
        action_id: actionIds.rulesField,
        options: days,
        ...chosen(days, hours.days),
      },
    }),
    input({
      field: 'start',
      generation,
      label: text.start,
      element: { type: 'timepicker', action_id: actionIds.rulesField, ...initialTime(hours.start) },
    }),
    input({
      field: 'end',
      generation,
      label: text.end,
      hint: text.endHint,
      element: { type: 'timepicker', action_id: actionIds.rulesField, ...initialTime(hours.end) },
    }),
  ];
}

/** The zones that somebody may mean by what they typed, the likeliest first. */
export function zoneOptions(query: string, now: Date): PlainTextOption[] {
  return searchTimeZones(query, limits.selectOptions, now).map(({ id, label }) => toOption(id, label));
}

function zoneOption(timeZone: string, now: Date): PlainTextOption {
  const found = searchTimeZones(timeZone, limits.selectOptions, now).find(({ id }) => id === timeZone);
  return toOption(timeZone, found?.label ?? cityOf(timeZone));
}

function toOption(id: string, label: string): PlainTextOption {
  return { text: plainText(truncate(label, limits.optionText)), value: id };
}

function initialTime(time: string | null): { initial_time?: string } {
  return time === null ? {} : { initial_time: time };
}
