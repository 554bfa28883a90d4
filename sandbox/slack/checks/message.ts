import { isRecord } from '../read-payload.ts';
import type { MessagePayload } from '../records.ts';
import type { WebhookError } from '../webhook-errors.ts';
import type { Problem } from './check.ts';

/** A payload that Slack takes, or its error word with everything that is wrong. */
export type CheckedMessage =
  | { ok: true; payload: MessagePayload }
  | { ok: false; error: WebhookError; problems: Problem[] };

/** Checks what was posted to a webhook. */
export function checkMessage(payload: unknown): CheckedMessage {
  if (!isRecord(payload)) {
    return {
      ok: false,
      error: 'invalid_payload',
      problems: [{ pointer: '', message: 'must be a JSON object' }],
    };
  }
  const isEmpty = (value: unknown) =>
    value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
  if (isEmpty(payload.text) && isEmpty(payload.blocks) && isEmpty(payload.attachments)) {
    return {
      ok: false,
      error: 'no_text',
      problems: [{ pointer: '', message: 'no text, blocks or attachments' }],
    };
  }
  return { ok: true, payload };
}
