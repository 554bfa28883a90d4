import type { Json } from './element-values.ts';
import { isRecord } from './is-record.ts';

export interface Placed {
  element: Json;
  block: Json;
  blockId: string;
  actionId: string;
  /** From 1, as Slack counts. */
  attachmentId?: number;
}

export function elementsOf(blocks: unknown, attachmentId?: number): Placed[] {
  if (!Array.isArray(blocks)) return [];
  return blocks.filter(isRecord).flatMap((block) =>
    [block.accessory, block.element, block.elements]
      .flat()
      .filter(isRecord)
      .filter((element) => typeof element.action_id === 'string')
      .map((element) => ({
        element,
        block,
        blockId: String(block.block_id),
        actionId: String(element.action_id),
        ...(attachmentId !== undefined && { attachmentId }),
      })),
  );
}

export function elementsOfMessage(message: { blocks?: unknown; attachments?: unknown }): Placed[] {
  const attachments = Array.isArray(message.attachments) ? message.attachments.filter(isRecord) : [];
  return [
    ...elementsOf(message.blocks),
    ...attachments.flatMap((attachment, index) => elementsOf(attachment.blocks, index + 1)),
  ];
}

export interface Wanted {
  actionId: string;
  blockId?: string;
  /** From 1. */
  attachment?: number;
}

/** @throws Error if there is none, or more than one */
export function findElement(elements: readonly Placed[], { actionId, blockId, attachment }: Wanted): Placed {
  const found = elements.filter(
    (one) =>
      one.actionId === actionId &&
      (blockId === undefined || one.blockId === blockId) &&
      (attachment === undefined || one.attachmentId === attachment),
  );
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  const there = elements.map((one) => `${one.blockId}/${one.actionId}`).join(', ') || 'nothing';
  throw new Error(
    `${found.length} elements are ${actionId}: say which block or attachment. There is ${there}`,
  );
}
