import { isRecord } from '../is-record.ts';
import { all, type Check } from './check.ts';
import { accessory, actionElement, contextElement, inputElement } from './elements.ts';
import { anyText, imageFields, plainText } from './objects.ts';
import { richTextElement } from './rich-text.ts';
import { byType, list, record, type } from './shapes.ts';
import { boolean, string } from './values.ts';

// https://docs.slack.dev/reference/block-kit/blocks and the JSDoc of @slack/types. Newer blocks are refused: none is
// documented well enough to be checked completely.

const blockId = { block_id: string(255) };

const hasTextOrFields: Check = (block, pointer, report) => {
  if (isRecord(block) && block.text === undefined && block.fields === undefined) {
    report(pointer, 'missing required field: text');
  }
};

const actionIdsDiffer: Check = (block, pointer, report) => {
  if (!isRecord(block) || !Array.isArray(block.elements)) return;
  const seen = new Set<unknown>();
  for (const [index, element] of block.elements.entries()) {
    if (!isRecord(element) || element.action_id === undefined) continue;
    if (seen.has(element.action_id)) {
      report(`${pointer}/elements/${index}/action_id`, `\`action_id\` "${element.action_id}" already exists`);
    }
    seen.add(element.action_id);
  }
};

export const block: Check = byType({
  section: all(
    record(
      { type },
      {
        ...blockId,
        text: anyText(3000),
        fields: list(anyText(2000), { max: 10 }),
        accessory,
        expand: boolean,
      },
    ),
    hasTextOrFields,
  ),
  header: record({ type, text: plainText(150) }, blockId),
  divider: record({ type }, blockId),
  context: record({ type, elements: list(contextElement, { max: 10 }) }, blockId),
  actions: all(record({ type, elements: list(actionElement, { max: 25 }) }, blockId), actionIdsDiffer),
  image: record({ type, ...imageFields }, { ...blockId, title: plainText(2000) }),
  input: record(
    { type, label: plainText(2000), element: inputElement },
    { ...blockId, hint: plainText(2000), optional: boolean, dispatch_action: boolean },
  ),
  rich_text: record({ type, elements: list(richTextElement, { max: 1000 }) }, blockId),
});

/** `found` collects ids over several lists of blocks. */
export function blockIdsDiffer(found = new Set<unknown>()): Check {
  return (blocks, pointer, report) => {
    if (!Array.isArray(blocks)) return;
    for (const [index, one] of blocks.entries()) {
      if (!isRecord(one) || one.block_id === undefined) continue;
      if (found.has(one.block_id)) {
        report(`${pointer}/${index}/block_id`, `\`block_id\` "${one.block_id}" already exists`);
      }
      found.add(one.block_id);
    }
  };
}
