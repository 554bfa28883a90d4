import type { ViewOutput } from '@slack/bolt';
import type { InputBlock, PlainTextOption } from '@slack/types';
import { plainText } from '../../messages/block-kit/mrkdwn.ts';

/** A field of a form that tells us of nothing until the form is submitted. */
export function plainInput(spec: { id: string; label: string; element: InputBlock['element'] }): InputBlock {
  return { type: 'input', block_id: spec.id, label: plainText(spec.label), element: spec.element };
}

/** A field of a form whose `block_id` names it and its generation; it tells us of every change. */
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

/** The `block_id` of a field: a new generation shows the values that we give it, and not what was typed before. */
export function fieldBlockId(field: string, generation: number): string {
  return `${field} ${generation}`;
}

/** The field out of the `block_id`. */
function fieldOf(blockId: string): string {
  return blockId.split(' ')[0] ?? '';
}

/** Options of a choice, with a word on each where there is one. */
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

/** What is ticked at first. Slack refuses an empty list. */
export function chosen(
  all: readonly PlainTextOption[],
  values: readonly string[],
): { initial_options?: PlainTextOption[] } {
  const ticked = all.filter(({ value }) => value !== undefined && values.includes(value));
  return ticked.length === 0 ? {} : { initial_options: ticked };
}

/** What is picked at first. */
export function chosenOne(
  all: readonly PlainTextOption[],
  wanted: string,
): { initial_option?: PlainTextOption } {
  const found = all.find(({ value }) => value === wanted);
  return found === undefined ? {} : { initial_option: found };
}

export type FieldValue = ViewOutput['state']['values'][string][string];

/** What stands in the fields of a form, by their names; each block has one element. */
export function readFields({ state }: Pick<ViewOutput, 'state'>): Map<string, FieldValue | undefined> {
  return new Map(
    Object.entries(state.values).map(([blockId, actions]) => [fieldOf(blockId), Object.values(actions)[0]]),
  );
}
