import type { Ids } from './ids.ts';
import { isRecord } from './is-record.ts';
import type { MessagePayload } from './records.ts';

/** As Slack stores it: every block has a `block_id`, every element an `action_id`, attachments an `id`. */
export function fillIds(payload: MessagePayload, ids: Ids): MessagePayload {
  const filled: MessagePayload = structuredClone(payload);
  fillBlocks(filled.blocks, ids);
  for (const [index, attachment] of (filled.attachments ?? []).entries()) {
    fillBlocks(attachment.blocks, ids);
    Object.assign(attachment, { id: index + 1 });
  }
  return filled;
}

export function fillBlocks(blocks: unknown, ids: Ids): void {
  if (!Array.isArray(blocks)) return;
  for (const block of blocks) {
    if (!isRecord(block)) continue;
    block.block_id ||= ids.secret(5);
    if (block.type === 'context' || block.type === 'rich_text') continue;
    const elements = [block.accessory, block.element, ...[block.elements ?? []].flat()];
    for (const element of elements) {
      if (isRecord(element) && element.type !== 'image') element.action_id ||= ids.secret(5);
    }
  }
}
