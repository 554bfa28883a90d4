import type { MrkdwnElement, PlainTextElement } from '@slack/types';

/**
 * A user's name as Slack shows it, from its id. What is not one is not mentioned: a mention made of anything else could
 * call a whole channel.
 */
export function mention(userId: string): string {
  return isUserId(userId) ? `<@${userId}>` : 'Someone';
}

/** Whether a text has the form of a Slack user's id. */
export function isUserId(text: string): boolean {
  return /^[UW][A-Z0-9]{2,30}$/.test(text);
}

/** What WHATWG's serialiser leaves as it is and Slack's parser or formatting could trip over. */
const unsafeInLinks = /[<>|"`{}\\^*\s]/g;

/**
 * The address with everything percent-encoded that could end or format a link in Slack.
 *
 * @throws TypeError if `url` is not a URL
 */
export function encodeLinkUrl(url: string): string {
  return new URL(url).href.replace(
    unsafeInLinks,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/**
 * A link in mrkdwn, `<url|label>`.
 *
 * @param url from {@link encodeLinkUrl}
 * @param label escaped, and literal in mrkdwn where it is not our own
 */
export function mrkdwnLink(url: string, label: string): string {
  return `<${escapeMrkdwn(url)}|${label}>`;
}

/**
 * A message's own text cannot be marked `plain_text` or `verbatim`: Slack turns what looks like an address or an emoji in it
 * into one. A word joiner (zero width) keeps it text; everything else can be copied as it is.
 */
export function preventAutolink(line: string): string {
  return line.replace(/\.(?=\p{L})|:(?=\/\/)|:(?=[^\s:]+:)/gu, '$&\u2060');
}

const entities = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
]);

/**
 * The three characters that Slack reads as control characters, in mrkdwn and in plain text alike, as entities; no
 * other is decoded. https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
export function escapeMrkdwn(text: string): string {
  return text.replace(/[&<>]/g, (character) => entities.get(character) ?? character);
}

/**
 * Whether a text in mrkdwn, escaped, is shown as it is. What has a meaning there (bold, italic, strike, code, the bar of a
 * link, an emoji or a smiley) cannot be escaped, so it has to stand in plain text or rich text.
 */
export function isLiteralInMrkdwn(text: string): boolean {
  return !/[*_~`|]|:(?=[^\s\d])|:[^\s:]+:/.test(text);
}

/** Text that Slack shows as it is: no formatting, no links, no emoji. Escaped here. */
export function plainText(text: string): PlainTextElement {
  return { type: 'plain_text', text: escapeMrkdwn(text), emoji: false };
}

/** Text with formatting, links or dates of ours; bare addresses and names in it stay text. Not escaped here. */
export function mrkdwn(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text, verbatim: true };
}
