import { all, type Check } from './check.ts';
import { inputs } from './inputs.ts';
import {
  anyText,
  choiceOption,
  confirm,
  eitherOptions,
  imageFields,
  initialIsOffered,
  optionFields,
  options,
  overflowOption,
  plainText,
  selectOption,
} from './objects.ts';
import { pickers } from './pickers.ts';
import { byType, list, record, type } from './shapes.ts';
import { boolean, integer, oneOf, string, url } from './values.ts';

// Elements and their places: https://docs.slack.dev/reference/block-kit/block-elements and @slack/types.

const actionId = string(255);
const asks = { action_id: actionId, confirm };
const asksHere = { ...asks, focus_on_load: boolean };
const menu = { ...asksHere, placeholder: plainText(150) };
const several = { max_selected_items: integer(1, 1000) };

const image = record({ type, ...imageFields });

const button = record(
  { type, text: plainText(75) },
  { ...asks, value: string(2000), url, style: oneOf('primary', 'danger'), accessibility_label: string(75) },
);

const overflow = record({ type, options: options(overflowOption, 5) }, asks);

const checkboxes = all(
  record(
    { type, options: options(choiceOption, 10) },
    { ...asksHere, initial_options: list(choiceOption, { max: 10 }) },
  ),
  initialIsOffered,
);

const radioButtons = all(
  record({ type, options: options(choiceOption, 10) }, { ...asksHere, initial_option: choiceOption }),
  initialIsOffered,
);

const staticSelect = all(
  record({ type }, { ...menu, ...optionFields, initial_option: selectOption }),
  eitherOptions,
  initialIsOffered,
);

const multiStaticSelect = all(
  record(
    { type },
    { ...menu, ...several, ...optionFields, initial_options: list(selectOption, { max: 100 }) },
  ),
  eitherOptions,
  initialIsOffered,
);

const minQueryLength = { min_query_length: integer(0, 3000) };
const externalSelect = record({ type }, { ...menu, ...minQueryLength, initial_option: selectOption });
const multiExternalSelect = record(
  { type },
  { ...menu, ...minQueryLength, ...several, initial_options: list(selectOption, { max: 100 }) },
);

const anywhere = {
  checkboxes,
  radio_buttons: radioButtons,
  static_select: staticSelect,
  multi_static_select: multiStaticSelect,
  external_select: externalSelect,
  multi_external_select: multiExternalSelect,
  ...pickers(menu, several),
};

export const accessory: Check = byType({ ...anywhere, button, overflow, image });

export const actionElement: Check = byType({
  ...anywhere,
  button,
  overflow,
  ...inputs.dateAndTime(asksHere),
});

export const inputElement: Check = byType({
  ...anywhere,
  ...inputs.dateAndTime(asksHere),
  ...inputs.typed({ action_id: actionId, focus_on_load: boolean, placeholder: plainText(150) }),
});

/** Texts have at most 2,000 characters. */
export const contextElement: Check = (value, pointer, report) => {
  const isImage = typeof value === 'object' && value !== null && 'type' in value && value.type === 'image';
  const check = isImage ? image : anyText(2000);
  check(value, pointer, report);
};
