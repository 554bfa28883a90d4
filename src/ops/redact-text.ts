/**
 * No pattern matches a quote or a backslash, so that a line of JSON stays valid. Each takes linear time: what it
 * repeats cannot contain its own start, or is bounded.
 */
const secrets: readonly [pattern: RegExp, replacement: string][] = [
  // A webhook's URL is its password (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks).
  [/(hooks\.slack[\w.-]{0,253})\/[^\s"'\\<>)]+/g, '$1/[redacted]'],
  [/(\/services)\/[A-Z0-9]+\/[A-Z0-9]+\/[^\s"'\\<>)]+/g, '$1/[redacted]'],
  // These are Slack's tokens: https://docs.slack.dev/authentication/tokens
  [/(?:xox[a-z]|xapp)-[\w-]+/g, '[redacted]'],
  [/whsec_[\w+/=-]+/g, '[redacted]'],
  [/Bearer [\w.~+/=-]+/g, 'Bearer [redacted]'],
  [/([?&](?:code|state|token|client_secret)=)[^\s"'\\&#]+/g, '$1[redacted]'],
  // Slack's clients log their requests, as JSON within a line of JSON.
  [/(client_secret\\*"\s*:\s*\\*")[^"\\]+/g, '$1[redacted]'],
  [/(code\\+"\s*:\s*\\+")[^"\\]+/g, '$1[redacted]'],
  // These ids and URLs open a modal, or answer a click, in whatever form somebody sent them.
  [/((?:trigger_id|response_url)\\*"\s*:\s*\\*")[^"\\]+/g, '$1[redacted]'],
  [/\b\d{6,}\.\d{6,}\.[\w-]{10,}/g, '[redacted]'],
  [/(:\/\/)[^\s"\\/@]+@/g, '$1[redacted]@'],
];

/** Runs that may contain a JWT or JWE. Each character is in one run. */
const dottedRun = /[\w.-]+/g;

const jwtStart = 'eyJ';

const minHeaderLength = 8;

const minParts = 3;
const maxParts = 5;

export function redactText(text: string): string {
  const redacted = secrets.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text);
  if (!redacted.includes(jwtStart)) return redacted;
  return redacted.replace(dottedRun, (run: string, at: number) =>
    redactJwts(run, redacted[at - 1] === '\\' && /^u[\da-f]{4}/.test(run)),
  );
}

/** @param beginsInEscape whether the run starts with the rest of an escape such as `\u000e`, five characters */
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

/** Shorter secrets would match ordinary words. */
const minSecretLength = 8;

export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const written = secrets
    .filter((secret) => secret.length >= minSecretLength)
    // Secrets are matched plain and in their JSON form, longer ones before those that they contain.
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
    .sort((a, b) => b.length - a.length);
  if (written.length === 0) return (text) => text;
  const any = new RegExp(written.map(escapePattern).join('|'), 'g');
  return (text) => text.replace(any, '[redacted]');
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
