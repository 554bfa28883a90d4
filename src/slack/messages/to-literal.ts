import { neutralise } from './escape-text.ts';

/**
 * A message's own text cannot be marked `plain_text` or `verbatim`: Slack turns what looks like an address in it into
 * a link. A word joiner (zero width) after the dot of a name keeps `evil.example` from being one, and the
 * neutralised colon does the same for `https://`.
 */
export function toLiteral(line: string): string {
  return neutralise(line).replace(/\.(?=\p{L})/gu, '.\u2060');
}
