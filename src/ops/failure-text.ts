import { inspect } from 'node:util';
import { AppError } from '../lib/errors.ts';
import { createRedactor, redactText } from './redact-text.ts';

/** Errors that the operator can fix are shown plainly, all others with their stack; both without `secrets`. */
export function toFailureText(error: unknown, secrets: readonly string[]): string {
  const text = error instanceof AppError ? error.message : inspect(error);
  // `inspect` doubles the backslashes of what it quotes.
  const written = secrets.flatMap((secret) => [secret, secret.replaceAll('\\', '\\\\')]);
  return createRedactor(written)(redactText(text));
}
