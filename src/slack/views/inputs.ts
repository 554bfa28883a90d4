import type { ViewOutput } from '@slack/bolt';
import type { InputBlock, PlainTextOption } from '@slack/types';
import { AppError } from '../../lib/errors.ts';
import { plainText } from '../../messages/block-kit/mrkdwn.ts';

/** Input that sends nothing until its form is submitted. */
export function plainInput(spec: { id: string; label: string; element: InputBlock['element'] }): InputBlock {
  return { type: 'input', block_id: spec.id, label: plainText(spec.label), element: spec.element };
}

/** Input that sends every change; its `block_id` contains its name and generation. */
export function input(spec: {
  field: string;
  generation: number;
  label: string;
  hint?: string;
  element: InputBlock['element'];
}): InputBlock {
  const { field, generation, label, hint, element } = spec;
  return {
    type: 'input',
    block_id: fieldBlockId(field, generation),
    dispatch_action: true,
    label: plainText(label),
    ...(hint !== undefined && { hint: plainText(hint) }),
    element,
  };
}

/** Returns an id for a generation; a new one makes Slack show our value instead of what was typed. */
export function fieldBlockId(field: string, generation: number): string {
  return `${field} ${generation}`;
}

function fieldOf(blockId: string): string {
  return blockId.split(' ')[0] ?? '';
}

export function options<T extends string>(
  values: readonly T[],
  names: Readonly<Record<T, string>>,
  meanings?: Readonly<Record<T, string>>,
): PlainTextOption[] {
  return values.map((value) => ({
    text: plainText(names[value]),
    value,
    ...(meanings !== undefined && { description: plainText(meanings[value]) }),
  }));
}

/** Slack refuses an empty list of initial choices, so it is left out. */
export function chosen(
  all: readonly PlainTextOption[],
  values: readonly string[],
): { initial_options?: PlainTextOption[] } {
  const chosenOptions = all.filter(({ value }) => value !== undefined && values.includes(value));
  return chosenOptions.length === 0 ? {} : { initial_options: chosenOptions };
}

export function chosenOne(
  all: readonly PlainTextOption[],
  wanted: string,
): { initial_option?: PlainTextOption } {
  const found = all.find(({ value }) => value === wanted);
  return found === undefined ? {} : { initial_option: found };
}

export type FieldValue = ViewOutput['state']['values'][string][string];

/** Returns values by the field's name; each block has one element. */
export function readFields({ state }: Pick<ViewOutput, 'state'>): Map<string, FieldValue | undefined> {
  return new Map(
    Object.entries(state.values).map(([blockId, actions]) => [fieldOf(blockId), Object.values(actions)[0]]),
  );
}

export function isOneOf<T extends string>(values: readonly T[]): (value: string) => value is T {
  const known: readonly string[] = values;
  return (value): value is T => known.includes(value);
}

/**
 * For fields that are visible: a form of another version may have other choices, which nothing must replace.
 * @throws AppError `form_unreadable`
 */
export function readChoice<T extends string>(
  field: FieldValue | undefined,
  isKnown: (value: string) => value is T,
): T {
  return requireKnown(field?.selected_option?.value, isKnown);
}

/** @throws AppError `form_unreadable` */
export function readChoices<T extends string>(
  field: FieldValue | undefined,
  isKnown: (value: string) => value is T,
): T[] {
  return (field?.selected_options ?? []).map(({ value }) => requireKnown(value, isKnown));
}

function requireKnown<T extends string>(
  value: string | undefined,
  isKnown: (value: string) => value is T,
): T {
  if (value !== undefined && isKnown(value)) return value;
  throw new AppError('form_unreadable', 'A field of a form has no choice that this version knows.');
}
