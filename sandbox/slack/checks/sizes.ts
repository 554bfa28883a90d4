import { isRecord } from '../is-record.ts';

/** slackapi/bolt-js#2509: `msg_blocks_too_long`. */
export const maxTextLength = 13_200;

/** Every string under `text` and `alt_text`, as sent. Slack does not document what it counts. */
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
