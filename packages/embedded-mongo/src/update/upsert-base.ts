import type { Document } from 'bson';
import { CommandError } from '../command-error.ts';
import type { Condition } from '../query/filter.ts';
import { isDocument } from '../values/is-document.ts';
import { getAt, setAt } from './concrete-path.ts';

/**
 * The document that an upsert starts from: what the filter says that fields are equal to.
 *
 * @param whole whether the update is a whole document: then only `_id` is taken from the filter
 */
export function upsertBase(conditions: readonly Condition[], whole: boolean): Document {
  const base: Document = {};
  const equalities = conditions.filter(
    ({ path, operator }) => operator === '$eq' && (!whole || path === '_id'),
  );
  for (const { path, operand } of equalities) {
    const parts = path.split('.');
    if (operand !== undefined && !(operand instanceof RegExp) && getAt(base, parts) === undefined)
      setAt(base, parts, isDocument(operand) ? { ...operand } : operand);
  }
  return base;
}

/** Refuses what MongoDB refuses in the filter of an upsert. @throws CommandError BadValue for `$expr`, however deep */
export function assertUpsertFilter(filter: unknown): void {
  if (Array.isArray(filter)) for (const part of filter) assertUpsertFilter(part);
  if (!isDocument(filter)) return;
  for (const [key, value] of Object.entries(filter)) {
    if (key === '$expr')
      throw new CommandError('BadValue', '$expr is not allowed in the query predicate for an upsert');
    if (key.startsWith('$')) assertUpsertFilter(value);
  }
}
