import { isUnreachable } from '../store/database.ts';

/**
 * Does the work for each item in turn, so that one that fails keeps no other from its turn.
 *
 * @throws the error, or an `AggregateError` of several, after the last item; at once when no database is reached, which
 *   would concern all of them
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
  if (errors.length > 1) throw new AggregateError(errors, `${errors.length} errors, each of another item`);
  if (errors.length === 1) throw errors[0];
}
