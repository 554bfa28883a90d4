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

/** Look-alikes that mean nothing to Slack; none of them is turned back by Unicode normalisation. */
const lookAlikes = new Map([
  ['*', '\u2217'],
  ['_', '\u02CD'],
  ['~', '\u223C'],
  ['`', '\u02CB'],
  ['|', '\u2223'],
  [':', '\uA789'],
  ['>', '\u203A'],
]);

/**
 * Takes the meaning from mrkdwn's characters in a value that has to stand in mrkdwn: bold, italic, strike, code, the
 * bar of a link, `:emoji:`, and a quote's `>` at the start. Slack has no escape for these, and how its clients take an
 * invisible break between them is not documented; a look-alike is just another letter to any parser.
 */
export function neutralise(text: string): string {
  return text.replace(/[*_~`|]|:(?=\S)|^>/g, (character) => lookAlikes.get(character) ?? character);
}
