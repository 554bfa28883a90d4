import { isRecord } from '../is-record.ts';
import { all, type Check } from './check.ts';
import { list, record, type } from './shapes.ts';
import { boolean, integer, oneOf, pattern, string, url } from './values.ts';

const dispatch = record(
  {},
  { trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), { max: 2 }) },
);

const number = pattern(/^-?\d+(\.\d+)?$/, 'must be a number in a string');

/** `min_length` <= `max_length`, and the initial value satisfies both. */
const lengthsAgree: Check = (element, pointer, report) => {
  if (!isRecord(element)) return;
  const { min_length: min, max_length: max, initial_value: initial } = element;
  if (typeof min === 'number' && typeof max === 'number' && min > max) {
    report(`${pointer}/min_length`, 'must not be greater than max_length');
  }
  if (typeof initial === 'string' && typeof max === 'number' && initial.length > max) {
    report(`${pointer}/initial_value`, `must be less than ${max + 1} characters`);
  }
};

/** The initial value is within the bounds, and whole if decimals are not allowed. */
const numbersAgree: Check = (element, pointer, report) => {
  if (!isRecord(element)) return;
  const given = (name: string) => (typeof element[name] === 'string' ? Number(element[name]) : Number.NaN);
  const [min, max, initial] = [given('min_value'), given('max_value'), given('initial_value')];
  if (min > max) report(`${pointer}/min_value`, 'must not be greater than max_value');
  if (initial < min || initial > max)
    report(`${pointer}/initial_value`, 'must be within min_value and max_value');
  if (element.is_decimal_allowed !== false) return;
  for (const name of ['min_value', 'max_value', 'initial_value']) {
    if (given(name) % 1 !== 0 && !Number.isNaN(given(name)))
      report(`${pointer}/${name}`, 'must be a whole number');
  }
};

function dateAndTime(common: Record<string, Check>): Record<string, Check> {
  return { datetimepicker: record({ type }, { ...common, initial_date_time: integer(1e9, 1e10 - 1) }) };
}

function typed(base: Record<string, Check>): Record<string, Check> {
  const common = { ...base, dispatch_action_config: dispatch };
  return {
    plain_text_input: all(
      record(
        { type },
        {
          ...common,
          initial_value: string(3000),
          multiline: boolean,
          min_length: integer(0, 3000),
          max_length: integer(1, 3000),
        },
      ),
      lengthsAgree,
    ),
    number_input: all(
      record(
        { type, is_decimal_allowed: boolean },
        { ...common, initial_value: number, min_value: number, max_value: number },
      ),
      numbersAgree,
    ),
    email_text_input: record(
      { type },
      { ...common, initial_value: pattern(/^\S+@\S+$/, 'must be an email') },
    ),
    url_text_input: record({ type }, { ...common, initial_value: url }),
  };
}

export const inputs = { dateAndTime, typed };
