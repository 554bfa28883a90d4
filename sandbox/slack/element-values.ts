import { isRecord } from './is-record.ts';

export type Json = Record<string, unknown>;

/** `block_id` → `action_id` → the element's value, as in `view.state.values`. */
export type StateValues = Record<string, Record<string, Json>>;

interface Kind {
  field: string;
  initial: string;
  form: 'text' | 'option' | 'options' | 'list';
}

const text = (field: string, initial: string): Kind => ({ field, initial, form: 'text' });
const option: Kind = { field: 'selected_option', initial: 'initial_option', form: 'option' };
const options: Kind = { field: 'selected_options', initial: 'initial_options', form: 'options' };

const kinds: Readonly<Record<string, Kind>> = {
  plain_text_input: text('value', 'initial_value'),
  number_input: text('value', 'initial_value'),
  email_text_input: text('value', 'initial_value'),
  url_text_input: text('value', 'initial_value'),
  datepicker: text('selected_date', 'initial_date'),
  timepicker: text('selected_time', 'initial_time'),
  datetimepicker: text('selected_date_time', 'initial_date_time'),
  users_select: text('selected_user', 'initial_user'),
  channels_select: text('selected_channel', 'initial_channel'),
  conversations_select: text('selected_conversation', 'initial_conversation'),
  static_select: option,
  external_select: option,
  radio_buttons: option,
  checkboxes: options,
  multi_static_select: options,
  multi_external_select: options,
  multi_users_select: { field: 'selected_users', initial: 'initial_users', form: 'list' },
  multi_channels_select: { field: 'selected_channels', initial: 'initial_channels', form: 'list' },
  multi_conversations_select: {
    field: 'selected_conversations',
    initial: 'initial_conversations',
    form: 'list',
  },
};

/** An option's value or label, several of them, a text; null for nothing. */
export type Choice = string | number | readonly string[] | null;

/** Undefined for an element without a value, like a button. */
export function initialValue(element: Json): Json | undefined {
  const kind = kindOf(element);
  if (kind === undefined) return undefined;
  const nothing = kind.form === 'options' || kind.form === 'list' ? [] : null;
  return { type: element.type, [kind.field]: element[kind.initial] ?? nothing };
}

/** @param suggested the present options of an external select @throws Error if the element does not offer the choice */
export function chosenValue(element: Json, choice: Choice, suggested: readonly Json[] = []): Json {
  const kind = element.type === 'overflow' ? option : kindOf(element);
  if (kind === undefined) throw new Error(`a ${element.type} keeps no value`);
  const offered = [...optionsOf(element), ...suggested];
  const pick = (wanted: string) => {
    const found = offered.find((one) => one.value === wanted || labelOf(one) === wanted);
    if (found === undefined) {
      throw new Error(`"${wanted}" is none of ${offered.map((one) => one.value).join(', ') || 'nothing'}`);
    }
    return found;
  };
  const value = () => {
    if (kind.form === 'text') return choice === '' ? null : choice;
    if (kind.form === 'option') return choice === null ? null : pick(String(choice));
    const several = choice === null ? [] : [choice].flat().map(String);
    const limit = element.max_selected_items;
    if (typeof limit === 'number' && several.length > limit)
      throw new Error(`at most ${limit} may be selected`);
    return kind.form === 'options' ? several.map(pick) : several;
  };
  return { type: element.type, [kind.field]: value() };
}

/** The app may no longer suggest them. */
export function chosenOptions({ selected_option: one, selected_options: several }: Json): Json[] {
  return [one, several].flat().filter(isRecord);
}

export function isEmptyValue(value: Json): boolean {
  return Object.entries(value).every(
    ([name, field]) => name === 'type' || field === null || (Array.isArray(field) && field.length === 0),
  );
}

function kindOf(element: Json): Kind | undefined {
  return typeof element.type === 'string' && Object.hasOwn(kinds, element.type)
    ? kinds[element.type]
    : undefined;
}

/** Including those in groups. */
export function optionsOf(element: Json): Json[] {
  const groups = Array.isArray(element.option_groups) ? element.option_groups : [];
  return [element.options, ...groups.map((group: unknown) => (isRecord(group) ? group.options : []))]
    .flat()
    .filter(isRecord);
}

function labelOf(one: Json): unknown {
  return isRecord(one.text) ? one.text.text : undefined;
}
