import type { AppAnswer } from './app-client.ts';
import { all, problemsOf } from './checks/check.ts';
import { eitherOptions, optionFields } from './checks/objects.ts';
import { record } from './checks/shapes.ts';
import { type Json, optionsOf } from './element-values.ts';
import { parseRecord } from './is-record.ts';
import type { SlackModel } from './model.ts';

const suggestions = all(
  record({}, { ...optionFields, options: allowEmpty(optionFields.options) }),
  eitherOptions,
);

/** None, and a refusal for the developer, if they are invalid. */
export function readSuggestions(model: SlackModel, answer: AppAnswer): Json[] {
  const body = answer.status === 200 ? parseRecord(answer.body) : undefined;
  const problems =
    body === undefined
      ? [{ pointer: '', message: `no options but ${answer.status} ${answer.body}` }]
      : problemsOf(suggestions, body, '');
  for (const problem of problems) {
    model.refuse({ where: 'block_suggestion', error: 'invalid_options', ...problem, payload: body });
  }
  return body === undefined || problems.length > 0 ? [] : optionsOf(body);
}

/** An app without results suggests an empty list. */
function allowEmpty(check: (typeof optionFields)['options']): (typeof optionFields)['options'] {
  return (value, pointer, report) => {
    if (!(Array.isArray(value) && value.length === 0)) check(value, pointer, report);
  };
}
