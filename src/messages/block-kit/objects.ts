import type { MrkdwnElement, PlainTextElement } from '@slack/types';
import { escapeMrkdwn } from './mrkdwn.ts';

/** Text that Slack shows as it is: no formatting, no links, no emoji. Escaped here. */
export function plainText(text: string): PlainTextElement {
  return { type: 'plain_text', text: escapeMrkdwn(text), emoji: false };
}

/** Text with formatting, links or dates of ours; bare addresses and names in it stay text. Not escaped here. */
export function mrkdwn(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text, verbatim: true };
}
