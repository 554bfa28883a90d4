const entities = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
]);

/**
 * The three characters that Slack reads as control characters, in mrkdwn and in plain text alike, as entities; no
 * other is decoded. https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
export function escapeText(text: string): string {
  return text.replace(/[&<>]/g, (character) => entities.get(character) ?? character);
}

/**
 * Whether a text in mrkdwn, escaped, is shown as it is. What has a meaning there (bold, italic, strike, code, the bar of a
 * link, an emoji or a smiley) cannot be escaped, so it has to stand in plain text or rich text.
 */
export function isLiteralInMrkdwn(text: string): boolean {
  return !/[*_~`|]|:(?=[^\s\d])|:[^\s:]+:/.test(text);
}
