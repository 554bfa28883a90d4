import { isEmptyValue, type Json } from './element-values.ts';
import { elementsOf } from './find-element.ts';
import type { View } from './views.ts';

/** Slack's own checks before it sends a modal to the app: error texts by `block_id`. Only input blocks are checked. */
export function inputErrors(view: View): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { block, blockId, actionId, element } of elementsOf(view.content.blocks)) {
    if (block.type !== 'input') continue;
    const value = view.values[blockId]?.[actionId];
    if (value === undefined || isEmptyValue(value)) {
      if (block.optional !== true) errors[blockId] = 'This is a required field';
      continue;
    }
    const error = wrongWith(element, value);
    if (error !== undefined) errors[blockId] = error;
  }
  return errors;
}

function wrongWith(element: Json, { value }: Json): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (element.type === 'number_input') return wrongNumber(element, value);
  if (element.type === 'email_text_input' && !/^\S+@\S+\.\S+$/.test(value))
    return 'Enter a valid email address';
  if (element.type === 'url_text_input' && !URL.canParse(value)) return 'Enter a valid URL';
  const { min_length: min, max_length: max } = element;
  if (typeof min === 'number' && value.length < min) return `Must be at least ${min} characters`;
  if (typeof max === 'number' && value.length > max) return `Must be at most ${max} characters`;
  return value.length > 3000 ? 'Must be at most 3000 characters' : undefined;
}

function wrongNumber(element: Json, value: string): string | undefined {
  if (!/^-?\d+(\.\d+)?$/.test(value)) return 'Enter a number';
  const number = Number(value);
  if (element.is_decimal_allowed !== true && value.includes('.')) return 'Enter a whole number';
  const { min_value: min, max_value: max } = element;
  if (typeof min === 'string' && number < Number(min)) return `Enter a number that is at least ${min}`;
  if (typeof max === 'string' && number > Number(max)) return `Enter a number that is at most ${max}`;
  return undefined;
}
