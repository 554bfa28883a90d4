import type { MrkdwnElement, PlainTextElement } from '@slack/types';

/** Text that is not a user's id is not mentioned, because it could mention a whole channel. */
export function mention(userId: string): string {
  return isUserId(userId) ? `<@${userId}>` : 'Someone';
}

export function isUserId(text: string): boolean {
  return /^[UW][A-Z0-9]{2,30}$/.test(text);
}

/** WHATWG's serialiser keeps these characters, and Slack's parser or formatting could misread them. */
const unsafeInLinks = /[<>|"`{}\\^*\s]/g;

/** @throws TypeError if `url` is not a URL */
export function encodeLinkUrl(url: string): string {
  return new URL(url).href.replace(
    unsafeInLinks,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** @param url from {@link encodeLinkUrl} @param label escaped, and literal in mrkdwn if it is not ours */
export function mrkdwnLink(url: string, label: string): string {
  return `<${escapeMrkdwn(url)}|${label}>`;
}

/** Slack turns what looks like a URL or an emoji into one, unless a zero-width word joiner prevents it. */
export function preventAutolink(line: string): string {
  return line.replace(/\.(?=\p{L})|:(?=\/\/)|:(?=[^\s:]+:)/gu, '$&\u2060');
}

const entities = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
]);

/** Slack decodes no other entities: https://docs.slack.dev/messaging/formatting-message-text#escaping */
export function escapeMrkdwn(text: string): string {
  return text.replace(/[&<>]/g, (character) => entities.get(character) ?? character);
}

/** Bold, code, the bar of a link or emoji cannot be escaped: such a text has to be plain text or rich text. */
export function isLiteralInMrkdwn(text: string): boolean {
  return !/[*_~`|]|:(?=[^\s\d])|:[^\s:]+:/.test(text);
}

export function plainText(text: string): PlainTextElement {
  return { type: 'plain_text', text: escapeMrkdwn(text), emoji: false };
}

/** Bare URLs and names stay text. The text is not escaped here. */
export function mrkdwn(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text, verbatim: true };
}
