import type {
  ActionsBlockElement,
  Button,
  ConfirmationDialog,
  ContextBlock,
  KnownBlock,
  Option,
  Overflow,
  RichTextBlock,
  SectionBlock,
  StaticSelect,
  TextObject,
} from '@slack/types';
import { AppError } from '../../lib/errors.ts';
import type { WebhookMessage } from '../webhook-message.ts';
import { blockOverhead, limits } from './limits.ts';

/** @throws AppError `message_over_limits`, which names every limit exceeded */
export function assertValidMessage(message: WebhookMessage): WebhookMessage {
  const problems = limitViolations(message);
  if (problems.length > 0)
    throw new AppError('message_over_limits', `Slack would refuse this: ${problems.join('; ')}`);
  return message;
}

export function limitViolations(message: WebhookMessage): string[] {
  const attachments = message.attachments ?? [];
  const blocks = [...(message.blocks ?? []), ...attachments.flatMap((attachment) => attachment.blocks)];
  const characters = countCharacters(message);
  const ids = blocks.flatMap((block) => (block.block_id === undefined ? [] : [block.block_id]));
  return [
    ...(message.text === undefined ? [] : length('text', message.text, limits.text)),
    ...(message.text === undefined && blocks.length === 0 ? ['nothing to show'] : []),
    ...atMost('attachments', attachments.length, limits.attachments),
    ...attachments.flatMap(({ fallback }) => length('fallback', fallback, limits.fallback)),
    ...attachments.flatMap((attachment) =>
      attachment.blocks.length === 0 ? ['an attachment without blocks'] : [],
    ),
    ...atMost('blocks', blocks.length, limits.blocks),
    ...atMost('characters', characters, limits.characters),
    ...atMost('size', characters + blocks.length * blockOverhead, limits.size),
    ...(new Set(ids).size < ids.length ? ['a block_id twice'] : []),
    ...ids.flatMap((id) => length('block_id', id, limits.blockId)),
    ...blocks.flatMap(blockViolations),
  ];
}

/** Counts every string that Slack could count: all except the names of types and colours. */
function countCharacters(part: unknown): number {
  if (typeof part === 'string') return part.length;
  if (typeof part !== 'object' || part === null) return 0;
  let count = 0;
  for (const [key, value] of Object.entries(part))
    if (key !== 'type' && key !== 'color') count += countCharacters(value);
  return count;
}

function blockViolations(block: KnownBlock): string[] {
  switch (block.type) {
    case 'section':
      return sectionViolations(block);
    case 'header':
      return length('header', block.text.text, limits.headerText);
    case 'context':
      return contextViolations(block);
    case 'actions':
      return [
        ...between('actions elements', block.elements.length, limits.actionsElements),
        ...block.elements.flatMap(elementViolations),
      ];
    case 'rich_text':
      return richTextViolations(block);
    case 'divider':
      return [];
    default:
      return [`a ${block.type} block, which no message of ours uses`];
  }
}

function sectionViolations(block: SectionBlock): string[] {
  return [
    ...(block.text === undefined && block.fields === undefined ? ['a section without text'] : []),
    ...(block.text === undefined ? [] : length('section text', block.text.text, limits.sectionText)),
    ...(block.fields === undefined
      ? []
      : between('section fields', block.fields.length, limits.sectionFields)),
    ...(block.fields ?? []).flatMap((field) => length('section field', field.text, limits.fieldText)),
    ...(block.accessory === undefined ? [] : elementViolations(block.accessory)),
  ];
}

/** Slack documents no limits for rich text: those of a section apply. */
function richTextViolations({ elements }: RichTextBlock): string[] {
  return [
    ...between('rich text elements', elements.length, limits.richTextElements),
    ...between('rich text characters', countCharacters(elements), limits.richText),
  ];
}

function contextViolations(block: ContextBlock): string[] {
  return [
    ...between('context elements', block.elements.length, limits.contextElements),
    ...block.elements.flatMap((element) =>
      isText(element) ? length('context text', element.text, limits.contextText) : ['an image in a context'],
    ),
  ];
}

function isText(element: ContextBlock['elements'][number]): element is TextObject {
  return element.type === 'plain_text' || element.type === 'mrkdwn';
}

function elementViolations(element: ActionsBlockElement | NonNullable<SectionBlock['accessory']>): string[] {
  switch (element.type) {
    case 'button':
      return buttonViolations(element);
    case 'overflow':
      return overflowViolations(element);
    case 'static_select':
      return selectViolations(element);
    default:
      return [`a ${element.type}, which no message of ours uses`];
  }
}

function buttonViolations(button: Button): string[] {
  return [
    ...length('button text', button.text.text, limits.buttonText),
    ...actionIdViolations(button),
    ...(button.url === undefined ? [] : length('url', button.url, limits.url)),
    ...(button.value === undefined ? [] : length('button value', button.value, limits.buttonValue)),
  ];
}

function overflowViolations(overflow: Overflow): string[] {
  return [
    ...actionIdViolations(overflow),
    ...between('overflow options', overflow.options.length, limits.overflowOptions),
    ...overflow.options.flatMap(optionViolations),
  ];
}

function selectViolations(select: StaticSelect): string[] {
  const { placeholder, options = [], confirm } = select;
  return [
    ...actionIdViolations(select),
    ...(placeholder === undefined ? [] : length('placeholder', placeholder.text, limits.placeholder)),
    ...between('select options', options.length, limits.selectOptions),
    ...options.flatMap(optionViolations),
    ...(confirm === undefined ? [] : confirmViolations(confirm)),
  ];
}

function confirmViolations({ title, text, confirm, deny }: ConfirmationDialog): string[] {
  return [
    ...length('confirm title', title?.text ?? '', limits.confirmTitle),
    ...length('confirm text', text.text, limits.confirmText),
    ...[confirm, deny].flatMap((button) =>
      length('confirm button', button?.text ?? '', limits.confirmButton),
    ),
  ];
}

function optionViolations(option: Option): string[] {
  return [
    ...length('option text', option.text.text, limits.optionText),
    ...length('option value', option.value ?? '', limits.optionValue),
    ...(option.url === undefined ? [] : length('option url', option.url, limits.optionUrl)),
  ];
}

function actionIdViolations({ action_id }: { action_id?: string }): string[] {
  return action_id === undefined ? [] : length('action_id', action_id, limits.actionId);
}

function length(what: string, text: string, maximum: number): string[] {
  return between(`${what} characters`, text.length, maximum);
}

function between(what: string, count: number, maximum: number): string[] {
  return count === 0 ? [`${what}: none`] : atMost(what, count, maximum);
}

function atMost(what: string, count: number, maximum: number): string[] {
  return count > maximum ? [`${what}: ${count}, at most ${maximum}`] : [];
}
