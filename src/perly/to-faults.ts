import type { z } from 'zod';
import type { Fault } from './problem.ts';

export function toFaults(error: z.ZodError): Fault[] {
  return error.issues.flatMap((issue) => faultsOf(issue, []));
}

/** Chooses the member of a failed union that failed deepest, which is the intended one. */
function faultsOf(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): Fault[] {
  const path = [...above, ...issue.path];
  const meant =
    issue.code === 'invalid_union'
      ? issue.errors.find((way) => way.some((inner) => inner.path.length > 0))
      : undefined;
  if (meant !== undefined) return meant.flatMap((inner) => faultsOf(inner, path));
  return [{ path: toPath(path), message: issue.message }];
}

/** Returns `customer.url` or `signals[3]`, for example; empty for the body itself. */
function toPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`,
    '',
  );
}
