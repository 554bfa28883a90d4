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
