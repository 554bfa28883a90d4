import { isRecord } from '../is-record.ts';

/** Maximum number of text characters in a message's blocks (slackapi/bolt-js#2509: `msg_blocks_too_long`). */
export const maxTextLength = 13_200;

/**
 * The characters of a message's blocks: every string under `text` and `alt_text`, at any depth, as sent. Slack does
 * not document what it counts; apps should stay below 12,000.
 */
export function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + textLength(item), 0);
  if (!isRecord(value)) return 0;
  let sum = 0;
  for (const [name, field] of Object.entries(value)) {
    sum +=
      typeof field === 'string'
        ? name === 'text' || name === 'alt_text'
          ? field.length
          : 0
        : textLength(field);
  }
  return sum;
}
