import type { InputBlock, PlainTextOption } from '@slack/types';
import { cityOf } from '../../domain/time-zone.ts';
import { searchTimeZones } from '../../domain/time-zones.ts';
import { weekdayNames, weekdays } from '../../domain/vocabulary.ts';
import { limits } from '../../messages/block-kit/limits.ts';
import { plainText } from '../../messages/block-kit/mrkdwn.ts';
import { truncate } from '../../messages/block-kit/truncate.ts';
import { actionIds } from './action-ids.ts';
import { copy } from './copy.ts';
import { calendarOption } from './holiday-options.ts';
import { chosen, input, options } from './inputs.ts';
import type { HoursDraft, RulesDraft } from './rules-draft.ts';

const text = copy.rules;

/** Many more than anybody needs: 40 dates, and the weekdays. */
const maxExceptionsLength = 1500;

export function hoursFields({ hours, timing }: RulesDraft, now: Date, generation: number): InputBlock[] {
  const days = options(weekdays, weekdayNames);
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
      label: timing === 'daily' ? text.digestAt : text.start,
      element: { type: 'timepicker', action_id: actionIds.rulesField, ...initialTime(hours.start) },
    }),
    ...(timing === 'daily' ? [] : [endField(hours, generation)]),
  ];
}

function endField({ end }: HoursDraft, generation: number): InputBlock {
  return input({
    field: 'end',
    generation,
    label: text.end,
    element: { type: 'timepicker', action_id: actionIds.rulesField, ...initialTime(end) },
  });
}

export function calendarField({ calendar }: HoursDraft, generation: number): InputBlock {
  return input({
    field: 'calendar',
    generation,
    label: text.holidays,
    element: {
      type: 'external_select',
      action_id: actionIds.calendar,
      min_query_length: 0,
      placeholder: plainText(text.holidaysPlaceholder),
      initial_option: calendarOption(calendar),
    },
  });
}

export function exceptionsField({ exceptions }: HoursDraft, generation: number): InputBlock {
  return {
    ...input({
      field: 'exceptions',
      generation,
      label: text.exceptions,
      hint: text.exceptionsHint,
      element: {
        type: 'plain_text_input',
        action_id: actionIds.rulesField,
        multiline: true,
        max_length: maxExceptionsLength,
        placeholder: plainText(text.exceptionsPlaceholder),
        dispatch_action_config: { trigger_actions_on: ['on_character_entered'] },
        ...(exceptions !== '' && { initial_value: exceptions }),
      },
    }),
    optional: true,
  };
}

/** Lists the best match first. */
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
