import type { MultiSelect, Option, Select } from '@slack/types';
import { chosenOptions, type Json } from '../../../slack/element-values.ts';
import type { Reader } from '../reader.ts';
import { decodeEntities } from '../text/decode-entities.ts';

export type ListItem = {
  value: string;
  label: string;
  description?: string | undefined;
  group?: string | undefined;
};

export function toItem(option: Option, group?: string): ListItem {
  return {
    value: option.value ?? '',
    label: decodeEntities(option.text.text),
    description: option.description?.text,
    group,
  };
}

/** Without the suggestions of an external select. */
export function itemsOf(element: Select | MultiSelect, { people, channels }: Reader): ListItem[] {
  switch (element.type) {
    case 'static_select':
    case 'multi_static_select':
      return [
        ...(element.options ?? []).map((option) => toItem(option)),
        ...(element.option_groups ?? []).flatMap(({ label, options }) =>
          options.map((option) => toItem(option, label.text)),
        ),
      ];
    case 'users_select':
    case 'multi_users_select':
      return people.map(({ id, realName, name }) => ({
        value: id,
        label: realName,
        description: `@${name}`,
      }));
    case 'external_select':
    case 'multi_external_select':
      return [];
    default:
      return channels.map(({ id, name, isPrivate }) => ({
        value: id,
        label: `${isPrivate ? '🔒 ' : '#'}${name}`,
      }));
  }
}

/** Options, or ids of people and channels. */
export function chosenItems(value: Json, own: readonly ListItem[]): ListItem[] {
  const options = chosenOptions(value).map((option) => {
    const label =
      typeof option.text === 'object' && option.text !== null && 'text' in option.text
        ? option.text.text
        : '';
    return { value: String(option.value), label: decodeEntities(String(label)) };
  });
  const { type: _type, ...fields } = value;
  const ids = Object.values(fields)
    .flat()
    .filter((id) => typeof id === 'string');
  return [...options, ...ids.map((id) => own.find((item) => item.value === id) ?? { value: id, label: id })];
}
