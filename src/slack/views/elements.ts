import type { ActionsBlock, Button, ContextBlock, RichTextBlock, SectionBlock } from '@slack/types';
import { isolate } from '../../messages/block-kit/clean.ts';
import { escapeMrkdwn, isLiteralInMrkdwn, mrkdwn, plainText } from '../../messages/block-kit/mrkdwn.ts';

/** @param label what a screen reader says of the button, where its text alone would not tell */
export function button(options: {
  id: string;
  text: string;
  label?: string;
  value?: string;
  url?: string;
  style?: 'primary' | 'danger';
}): Button {
  const { id, text, label, ...rest } = options;
  return {
    type: 'button',
    action_id: id,
    text: plainText(text),
    ...(label !== undefined && { accessibility_label: label }),
    ...rest,
  };
}

/** Keeps the buttons in updates of the view, by a fixed id, and so a click or the focus on one. */
export function buttonsBlock(blockId: string, elements: Button[]): ActionsBlock {
  return { type: 'actions', block_id: blockId, elements };
}

export function section(text: string, accessory?: SectionBlock['accessory']): SectionBlock {
  return { type: 'section', text: mrkdwn(text), ...(accessory !== undefined && { accessory }) };
}

/** The name is bold if mrkdwn shows it unchanged, else plain text. @param rest in mrkdwn */
export function namedSection(
  { before = '', name, after = '', rest }: { before?: string; name: string; after?: string; rest: string },
  accessory?: SectionBlock['accessory'],
): SectionBlock {
  const text = isolate(name);
  if (isLiteralInMrkdwn(name))
    return section(
      `${before}*${escapeMrkdwn(text)}*${escapeMrkdwn(after)}${rest === '' ? '' : `\n${rest}`}`,
      accessory,
    );
  return {
    type: 'section',
    text: plainText(`${before}${text}${after}`),
    ...(rest !== '' && { fields: [mrkdwn(rest)] }),
    ...(accessory !== undefined && { accessory }),
  };
}

/** The text is shown and copied unchanged. @param text not escaped */
export function boldLine(text: string): RichTextBlock {
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text, style: { bold: true } }] }],
  };
}

export function context(text: string): ContextBlock {
  return { type: 'context', elements: [mrkdwn(text)] };
}
