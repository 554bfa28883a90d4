import { isRecord } from '../is-record.ts';
import type { MessagePayload } from '../records.ts';
import type { WebhookError } from '../webhook-errors.ts';
import { attachment } from './attachments.ts';
import { block, blockIdsDiffer } from './blocks.ts';
import { all, type Check, type Problem, problemsOf } from './check.ts';
import { list, record } from './shapes.ts';
import { maxTextLength, textLength } from './sizes.ts';
import { boolean, oneOf, string } from './values.ts';

export type CheckedMessage =
  | { ok: true; payload: MessagePayload }
  | { ok: false; error: WebhookError; problems: Problem[] };

const anything: Check = () => {};

/** An app cannot choose `channel`, `username` and icons. */
const fields = {
  text: string(40_000, 0),
  blocks: anything,
  attachments: anything,
  unfurl_links: boolean,
  unfurl_media: boolean,
  mrkdwn: boolean,
  link_names: boolean,
  parse: oneOf('none', 'full'),
  thread_ts: string(20),
  metadata: anything,
};

export const responseFields = {
  response_type: oneOf('ephemeral', 'in_channel'),
  replace_original: boolean,
  delete_original: boolean,
};

const maxBlocks = 50;
const maxAttachments = 100;

/**
 * Stricter where Slack's behaviour is unknown (https://docs.slack.dev/messaging,
 * https://docs.slack.dev/reference/block-kit).
 */
export function checkMessage(payload: unknown, more: Record<string, Check> = {}): CheckedMessage {
  if (!isRecord(payload))
    return refused('invalid_payload', [{ pointer: '', message: 'must provide an object' }]);
  const { text, blocks, attachments } = payload;

  if (typeof text === 'string' && text.length > 40_000) {
    return refused('msg_too_long', [{ pointer: '/text', message: 'must be less than 40001 characters' }]);
  }
  const shape = problemsOf(record({}, { ...fields, ...more }), payload, '');
  if (shape.length > 0) return refused('invalid_payload', shape);
  if (isNothing(text) && isNothing(blocks) && isNothing(attachments)) {
    return refused('no_text', [{ pointer: '', message: 'no text, blocks or attachments' }]);
  }
  if (Array.isArray(attachments) && attachments.length > maxAttachments) {
    const message = `no more than ${maxAttachments} items allowed`;
    return refused('too_many_attachments', [{ pointer: '/attachments', message }]);
  }

  const blockIds = new Set<unknown>();
  const ownBlocks = blocks === undefined ? [] : problemsOf(topBlocks(blockIds), blocks, '/blocks');
  if (ownBlocks.length > 0) return refused('invalid_blocks', ownBlocks);
  const attached =
    attachments === undefined ? [] : problemsOf(allAttachments(blockIds), attachments, '/attachments');
  if (attached.length > 0) return refused('invalid_attachments', attached);

  const inAttachments = blocksOf(attachments);
  const count = (Array.isArray(blocks) ? blocks.length : 0) + inAttachments.length;
  if (count > maxBlocks) {
    const message = `no more than ${maxBlocks} blocks allowed in all, and not ${count}`;
    return refused('invalid_attachments', [{ pointer: '/attachments', message }]);
  }
  const length = textLength(blocks) + textLength(inAttachments);
  if (length > maxTextLength) {
    const message = `the text of all blocks must be less than ${maxTextLength + 1} characters, and not ${length}`;
    return refused('msg_blocks_too_long', [{ pointer: '', message }]);
  }
  return { ok: true, payload };
}

function topBlocks(blockIds: Set<unknown>): Check {
  return all(list(block, { min: 0, max: maxBlocks }), blockIdsDiffer(blockIds));
}

function allAttachments(blockIds: Set<unknown>): Check {
  const differ = blockIdsDiffer(blockIds);
  return all(list(attachment, { min: 0, max: maxAttachments }), (attachments, pointer, report) => {
    if (!Array.isArray(attachments)) return;
    for (const [index, one] of attachments.entries()) {
      if (isRecord(one)) differ(one.blocks, `${pointer}/${index}/blocks`, report);
    }
  });
}

function blocksOf(attachments: unknown): unknown[] {
  if (!Array.isArray(attachments)) return [];
  return attachments.flatMap((one: unknown) =>
    isRecord(one) && Array.isArray(one.blocks) ? one.blocks : [],
  );
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

function refused(error: WebhookError, problems: Problem[]): CheckedMessage {
  return { ok: false, error, problems };
}
