import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../is-record.ts';
import { all, type Check } from './check.ts';
import { byType, exactlyOne, list, record, type } from './shapes.ts';
import { boolean, oneOf, string, url } from './values.ts';

// Limits: https://docs.slack.dev/reference/block-kit/composition-objects and the JSDoc of @slack/types.

/** mrkdwn is refused. */
export function plainText(max: number): Check {
  return byType({ plain_text: record({ type, text: string(max) }, { emoji: boolean }) });
}

export function anyText(max: number): Check {
  return byType({
    plain_text: record({ type, text: string(max) }, { emoji: boolean }),
    mrkdwn: record({ type, text: string(max) }, { verbatim: boolean }),
  });
}

export const confirm: Check = record(
  { title: plainText(100), text: plainText(300), confirm: plainText(30), deny: plainText(30) },
  { style: oneOf('primary', 'danger') },
);

/** Plain text, without URL. The docs say 75 and, more recently, 150 for `value`: 75 here. */
export const selectOption: Check = record(
  { text: plainText(75), value: string(75) },
  { description: plainText(75) },
);

/** Checkboxes and radio buttons may be formatted. */
export const choiceOption: Check = record(
  { text: anyText(75), value: string(75) },
  { description: anyText(75) },
);

/** They may have a URL. */
export const overflowOption: Check = record(
  { text: plainText(75), value: string(75) },
  { description: plainText(75), url },
);

export function options(option: Check, max: number): Check {
  return all(list(option, { max }), (value, pointer, report) => {
    if (!Array.isArray(value)) return;
    const seen = new Set<unknown>();
    for (const [index, entry] of value.entries()) {
      if (!isRecord(entry)) continue;
      if (seen.has(entry.value)) report(`${pointer}/${index}/value`, 'duplicate option value');
      seen.add(entry.value);
    }
  });
}

export const optionFields = {
  options: options(selectOption, 100),
  option_groups: list(record({ label: plainText(75), options: options(selectOption, 100) }), { max: 100 }),
};

export const eitherOptions: Check = exactlyOne('options', 'option_groups');

export const initialIsOffered: Check = (element, pointer, report) => {
  if (!isRecord(element)) return;
  const offered = [element.options, ...groups(element.option_groups)].flat();
  const isOffered = (option: unknown) => offered.some((one) => isDeepStrictEqual(one, option));
  if (element.initial_option !== undefined && !isOffered(element.initial_option)) {
    report(`${pointer}/initial_option`, 'must exactly match one of the options');
  }
  if (!Array.isArray(element.initial_options)) return;
  for (const [index, option] of element.initial_options.entries()) {
    if (!isOffered(option))
      report(`${pointer}/initial_options/${index}`, 'must exactly match one of the options');
  }
};

function groups(value: unknown): unknown[] {
  return Array.isArray(value) ? value.map((group: unknown) => (isRecord(group) ? group.options : [])) : [];
}

/** By URL: files in Slack need a scope that this app does not request. */
export const imageFields = { image_url: url, alt_text: string(2000) };
