/**
 * What must never be read in a log, and what stands there instead. No pattern matches a quote or a backslash, nor
 * begins within an escape, so that a line of JSON stays one.
 *
 * Each takes time that is linear in the text: what a pattern repeats cannot contain its own beginning, or is bounded.
 */
const secrets: readonly [pattern: RegExp, replacement: string][] = [
  // An incoming webhook's address is its password (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks).
  // A host name has at most 253 characters.
  [/(hooks\.slack[\w.-]{0,253})\/[^\s"'\\<>)]+/g, '$1/[redacted]'],
  [/(\/services)\/[A-Z0-9]+\/[A-Z0-9]+\/[^\s"'\\<>)]+/g, '$1/[redacted]'],
  // Slack's tokens (https://docs.slack.dev/authentication/tokens).
  [/(?:xox[a-z]|xapp)-[\w-]+/g, '[redacted]'],
  [/whsec_[\w+/=-]+/g, '[redacted]'],
  [/Bearer [\w.~+/=-]+/g, 'Bearer [redacted]'],
  [/([?&](?:code|state|token|client_secret)=)[^\s"'\\&#]+/g, '$1[redacted]'],
  // Slack's clients log what they send, JSON within a line of JSON: the app's secret, and OAuth's one-time code.
  [/(client_secret\\*"\s*:\s*\\*")[^"\\]+/g, '$1[redacted]'],
  [/(code\\+"\s*:\s*\\+")[^"\\]+/g, '$1[redacted]'],
  // What opens a modal, or answers a click, in whatever form somebody sent it.
  [/((?:trigger_id|response_url)\\*"\s*:\s*\\*")[^"\\]+/g, '$1[redacted]'],
  [/\b\d{6,}\.\d{6,}\.[\w-]{10,}/g, '[redacted]'],
  // The user and the password of a database's URI.
  [/(:\/\/)[^\s"\\/@]+@/g, '$1[redacted]@'],
];

/** Parts of base64url between dots: what a JWT or JWE stands in. Each character is in one such run. */
const dottedRun = /[\w.-]+/g;

/** How a JWT begins: `{"`, base64url-encoded. */
const jwtStart = 'eyJ';

/** A JWT's header is at least this long. Characters. */
const minHeaderLength = 8;

/** A JWT has three parts, a JWE five. */
const minParts = 3;
const maxParts = 5;

/** The text, or the line of JSON, without webhook addresses, tokens, signing secrets, JWTs and URI passwords. */
export function redactText(text: string): string {
  const redacted = secrets.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text);
  if (!redacted.includes(jwtStart)) return redacted;
  return redacted.replace(dottedRun, (run: string, at: number) =>
    redactJwts(run, redacted[at - 1] === '\\' && /^u[\da-f]{4}/.test(run)),
  );
}

/** @param beginsInEscape whether the run's first five characters are the rest of an escape, as in `\u000e` */
function redactJwts(run: string, beginsInEscape: boolean): string {
  const parts = run.split('.');
  const left: string[] = [];
  for (let index = 0; index < parts.length; ) {
    const part = parts[index] ?? '';
    const start = part.indexOf(jwtStart);
    const isJwt = start >= 0 && part.length - start >= minHeaderLength && parts.length - index >= minParts;
    // The `e` that ends an escape has to stay.
    const kept = beginsInEscape && index === 0 && start === 4 ? 5 : start;
    left.push(isJwt ? `${part.slice(0, kept)}[redacted]` : part);
    index += isJwt ? maxParts : 1;
  }
  return left.join('.');
}

/** A shorter one is none, and would be found in words. */
const minSecretLength = 8;

/** Replaces these secrets wherever they stand in a line of JSON. */
export function createHider(secrets: readonly string[]): (line: string) => string {
  const written = secrets
    .filter((secret) => secret.length >= minSecretLength)
    // As they stand within JSON, and a longer one before what is a part of it.
    .map((secret) => JSON.stringify(secret).slice(1, -1))
    .sort((a, b) => b.length - a.length);
  if (written.length === 0) return (line) => line;
  const any = new RegExp(written.map(escapePattern).join('|'), 'g');
  return (line) => line.replace(any, '[redacted]');
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
