/**
 * What must never be read in a log, and what stands there instead. No pattern matches a quote or a backslash, nor
 * begins within an escape, so that a line of JSON stays one.
 */
const secrets: readonly [pattern: RegExp, replacement: string][] = [
  // An incoming webhook's address is its password (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks).
  [/(hooks\.slack[\w.-]*)\/[^\s"'\\<>)]+/g, '$1/[redacted]'],
  [/(\/services)\/[A-Z0-9]+\/[A-Z0-9]+\/[^\s"'\\<>)]+/g, '$1/[redacted]'],
  // Slack's tokens (https://docs.slack.dev/authentication/tokens).
  [/(?:xox[a-z]|xapp)-[\w-]+/g, '[redacted]'],
  [/whsec_[\w+/=-]+/g, '[redacted]'],
  [/Bearer [\w.~+/=-]+/g, 'Bearer [redacted]'],
  [/([?&](?:code|state|token|client_secret)=)[^\s"'\\&#]+/g, '$1[redacted]'],
  // Slack's clients log what they send, JSON within a line of JSON: the app's secret, and OAuth's one-time code.
  [/(client_secret\\*"\s*:\s*\\*")[^"\\]+/g, '$1[redacted]'],
  [/(code\\+"\s*:\s*\\+")[^"\\]+/g, '$1[redacted]'],
  [/\b\d{6,}\.\d{6,}\.[\w-]{10,}/g, '[redacted]'],
  // The user and the password of a database's URI.
  [/(:\/\/)[^\s"\\/@]+@/g, '$1[redacted]@'],
];

/** A JWT or JWE. Its `e` may be the end of an escape, as in `\u000e`, which then has to stay. */
const jwt = /(\\u[\da-f]{3}e|e)yJ[\w-]{5,}(?:\.[\w-]*){2,4}/g;

/** The text, or the line of JSON, without webhook addresses, tokens, signing secrets, JWTs and URI passwords. */
export function redactText(text: string): string {
  const redacted = secrets.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text);
  return redacted.replace(jwt, (_, start: string) => `${start === 'e' ? '' : start}[redacted]`);
}
