/**
 * A message's own text cannot be marked `plain_text` or `verbatim`: Slack turns what looks like an address or an emoji in it
 * into one. A word joiner (zero width) keeps it text; everything else can be copied as it is.
 */
export function toLiteral(line: string): string {
  return line.replace(/\.(?=\p{L})|:(?=\/\/)|:(?=[^\s:]+:)/gu, '$&\u2060');
}
