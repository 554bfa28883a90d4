import { isRecord } from '../is-record.ts';

/** A message's blocks hold at most so many characters of text in all (slackapi/bolt-js#2509: `msg_blocks_too_long`). */
export const maxTextLength = 13_200;

/**
 * The characters that a message's blocks show: every string under `text` and `alt_text`, at any depth, as sent. Slack
 * does not say what it counts; an app does well to stay under 12,000.
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
