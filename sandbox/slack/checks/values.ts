import type { Check } from './check.ts';

/** Counted as UTF-16 units of the text as sent, the strictest way in which Slack might count: `&amp;` counts five. */
export function string(max: number, min = 1): Check {
  return (value, pointer, report) => {
    if (typeof value !== 'string') report(pointer, 'must provide a string');
    else if (value.length < min) report(pointer, `must be more than ${min - 1} characters`);
    else if (value.length > max) report(pointer, `must be less than ${max + 1} characters`);
  };
}

export function pattern(form: RegExp, words: string): Check {
  return (value, pointer, report) => {
    if (typeof value !== 'string' || !form.test(value)) report(pointer, words);
  };
}

export const boolean: Check = (value, pointer, report) => {
  if (typeof value !== 'boolean') report(pointer, 'must provide a boolean');
};

export function integer(min: number, max: number): Check {
  return (value, pointer, report) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) report(pointer, 'must provide an integer');
    else if (value < min) report(pointer, `must be greater than or equal to ${min}`);
    else if (value > max) report(pointer, `must be less than or equal to ${max}`);
  };
}

export function oneOf(...allowed: readonly string[]): Check {
  return (value, pointer, report) => {
    if (typeof value !== 'string' || !allowed.includes(value)) {
      report(pointer, `must be a valid enum value: ${allowed.join(', ')}`);
    }
  };
}

/** At most 3,000 characters. */
export const url: Check = (value, pointer, report) => {
  string(3000)(value, pointer, report);
  if (typeof value !== 'string' || value === '') return;
  const isWeb = URL.canParse(value) && ['http:', 'https:'].includes(new URL(value).protocol);
  if (!isWeb || /\s/.test(value)) report(pointer, 'invalid url');
};
