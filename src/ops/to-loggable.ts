import { IncomingMessage, ServerResponse } from 'node:http';
import { routeTemplateOf } from '../lib/route-template.ts';

const secretName =
  /(?:headers?|cookies?|authorization|tokens?|secrets?|passwords?|signatures?|webhook_?urls?|mongodb_?uri)$/i;

const maxDepth = 4;
const maxItems = 50;

/**
 * Leaves out bytes, names that suggest a secret, and whatever else an error carries. At most 4 levels deep and 50
 * items wide.
 */
export function toLoggable(value: unknown, depth = 0): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (depth > maxDepth) return '[too deep]';
  if (value instanceof Error) return toError(value, depth);
  if (value instanceof IncomingMessage) return { method: value.method, route: routeTemplateOf(value) };
  if (value instanceof ServerResponse) return { statusCode: value.statusCode };
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, maxItems).map((item) => toLoggable(item, depth + 1));
  if ('toJSON' in value && typeof value.toJSON === 'function') return value;
  return toFields(value, depth);
}

export function toFields(value: object, depth = 0): Record<string, unknown> {
  const entries = Object.entries(value).slice(0, maxItems);
  return Object.fromEntries(
    entries.map(([name, field]) => [
      name,
      secretName.test(name) ? '[redacted]' : toLoggable(field, depth + 1),
    ]),
  );
}

const slackRefusal = 'An API error occurred: ';

/** Leaves out text that Slack's client puts in place of an error word, such as the whole answer. */
export function toMessage({ message }: Error): string {
  const isWholeAnswer = message.startsWith(slackRefusal) && !/^\w+$/.test(message.slice(slackRefusal.length));
  return isWholeAnswer ? `${slackRefusal}[redacted]` : message;
}

function toError(error: Error, depth: number): Record<string, unknown> {
  const { name, cause } = error;
  const message = toMessage(error);
  const stack = error.stack?.replace(error.message, () => message);
  return {
    type: name,
    code: 'code' in error && typeof error.code !== 'object' ? error.code : undefined,
    message,
    stack,
    cause: cause instanceof Error ? toLoggable(cause, depth + 1) : undefined,
    errors: error instanceof AggregateError ? toLoggable(error.errors, depth + 1) : undefined,
  };
}
