import type { z } from 'zod';
import { invalid } from './operation.ts';

export function toCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** @throws Problem 422 if the cursor was not made for this list */
export function fromCursor<T>(schema: z.ZodType<T>, cursor: string | undefined): T | undefined {
  if (cursor === undefined) return undefined;
  const result = schema.safeParse(parse(cursor));
  if (result.success) return result.data;
  throw invalid('The query is not valid', [
    { path: 'cursor', message: 'must be a next_cursor of this list' },
  ]);
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** @param items one more than `limit` of them if more follow */
export function toPage<T>(
  found: readonly T[],
  limit: number,
  positionOf: (item: T) => unknown,
): { items: T[]; next_cursor: string | null } {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const hasMore = found.length > limit && last !== undefined;
  return { items, next_cursor: hasMore ? toCursor(positionOf(last)) : null };
}
