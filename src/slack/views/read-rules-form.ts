import type { ViewOutput } from '@slack/bolt';
import { noCalendar } from './holiday-options.ts';
import { type FieldValue, readChoice, readChoices, readFields } from './inputs.ts';
import { type HoursDraft, known, type RulesDraft } from './rules-draft.ts';
import { type RulesMetadata, rulesMetadataSchema } from './rules-modal.ts';

export function readRulesForm(view: Pick<ViewOutput, 'state' | 'private_metadata'>): {
  draft: RulesDraft;
  metadata: RulesMetadata;
} {
  const metadata = rulesMetadataSchema.parse(JSON.parse(view.private_metadata));
  const fields = readFields(view);
  // Hidden fields keep their values.
  const readShown = <T extends string>(field: string, isKnown: (value: string) => value is T, hidden: T) =>
    fields.has(field) ? readChoice(fields.get(field), isKnown) : hidden;
  return {
    metadata,
    draft: {
      eventTypes: readChoices(fields.get('eventTypes'), known.eventType),
      riskThreshold: readChoice(fields.get('riskThreshold'), known.riskLevel),
      scoreDelta: fields.has('scoreDelta') ? (fields.get('scoreDelta')?.value ?? '') : metadata.scoreDelta,
      timing: readChoice(fields.get('timing'), known.timing),
      owners: fields.has('owners') ? chosenIn(fields.get('owners')) : metadata.owners,
      mentionOwner: readShown('mentionOwner', known.mention, metadata.mentionOwner),
      repeatAfter: readShown('repeatAfter', known.repeat, metadata.repeatAfter),
      remindAfter: readShown('remindAfter', known.remind, metadata.remindAfter),
      hours: readHours(fields, metadata.hours),
    },
  };
}

function readHours(fields: ReadonlyMap<string, FieldValue | undefined>, hidden: HoursDraft): HoursDraft {
  return {
    timeZone: fields.has('timeZone')
      ? (fields.get('timeZone')?.selected_option?.value ?? null)
      : hidden.timeZone,
    days: fields.has('days') ? readChoices(fields.get('days'), known.weekday) : hidden.days,
    start: fields.has('start') ? (fields.get('start')?.selected_time ?? null) : hidden.start,
    end: fields.has('end') ? (fields.get('end')?.selected_time ?? null) : hidden.end,
    calendar: fields.has('calendar') ? readCalendar(fields.get('calendar')) : hidden.calendar,
    exceptions: fields.has('exceptions') ? (fields.get('exceptions')?.value ?? '') : hidden.exceptions,
  };
}

function readCalendar(field: FieldValue | undefined): string | null {
  const value = field?.selected_option?.value ?? noCalendar;
  return value === noCalendar ? null : value;
}

function chosenIn(field: FieldValue | undefined): string[] {
  return (field?.selected_options ?? []).flatMap(({ value }) => (value === undefined ? [] : [value]));
}
