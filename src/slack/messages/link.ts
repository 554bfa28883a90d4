import { escapeText } from './escape-text.ts';

/** What WHATWG's serialiser leaves as it is and Slack's parser or formatting could trip over. */
const troublesome = /[<>|"`{}\\^*\s]/g;

/**
 * The address with everything percent-encoded that could end or format a link in Slack.
 *
 * @throws TypeError if `url` is not a URL
 */
export function linkUrl(url: string): string {
  return new URL(url).href.replace(
    troublesome,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/**
 * A link in mrkdwn, `<url|label>`.
 *
 * @param url from {@link linkUrl}
 * @param label escaped, and literal in mrkdwn where it is not our own
 */
export function link(url: string, label: string): string {
  return `<${escapeText(url)}|${label}>`;
}
