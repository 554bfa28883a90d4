import type { Button, ContextBlock, SectionBlock } from '@slack/types';
import { mrkdwn, plainText } from '../messages/text-objects.ts';

/** Blocks and elements as views use them; texts in mrkdwn come escaped. */

/** @param label what a screen reader says of it, where its text alone would not tell */
export function button(given: {
  id: string;
  text: string;
  label?: string;
  value?: string;
  url?: string;
  style?: 'primary' | 'danger';
}): Button {
  const { id, text, label, ...rest } = given;
  return {
    type: 'button',
    action_id: id,
    text: plainText(text),
    ...(label !== undefined && { accessibility_label: label }),
    ...rest,
  };
}

/** A paragraph of mrkdwn, with something to use beside it. */
export function section(text: string, accessory?: SectionBlock['accessory']): SectionBlock {
  return { type: 'section', text: mrkdwn(text), ...(accessory !== undefined && { accessory }) };
}

/** Small, grey mrkdwn. */
export function context(text: string): ContextBlock {
  return { type: 'context', elements: [mrkdwn(text)] };
}
