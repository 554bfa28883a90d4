import { isUnreachable } from '../store/database.ts';

/**
 * @throws the error, or an `AggregateError`, after the last item; at once if the database is unreachable, which
 * would affect all items
 */
export async function forEachIsolated<T>(
  items: Iterable<T>,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const errors: unknown[] = [];
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      if (isUnreachable(error)) throw error;
      errors.push(...(error instanceof AggregateError ? error.errors : [error]));
    }
  }
  if (errors.length > 1) throw new AggregateError(errors, `${errors.length} items failed`);
  if (errors.length === 1) throw errors[0];
}
