import type { Document } from 'bson';
import { CommandError } from '../command-error.ts';
import { keyText } from '../engine.ts';
import { compileFilter } from '../query/filter.ts';
import { plainIndex } from '../storage/catalog.ts';
import type { IndexRecord } from '../storage/index-definition.ts';
import { valueIdentity } from '../values/encode-value.ts';
import { isDocument } from '../values/is-document.ts';
import { assertCollation, documentField } from './command.ts';

const knownFields = new Set([
  'key',
  'name',
  'v',
  'background',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
  'collation',
]);

/** @see https://www.mongodb.com/docs/manual/core/index-partial/ for what a partial index may ask */
const partialOperators = new Set(['$eq', '$in', '$gt', '$gte', '$lt', '$lte', '$type', '$exists']);

/** Reads the specification of an index. @throws CommandError CannotCreateIndex for what this store cannot keep */
export function readIndexSpec(item: unknown): Omit<IndexRecord, 'id'> {
  const spec = documentField(item, 'index');
  const unknown = Object.keys(spec).find((field) => !knownFields.has(field));
  if (unknown !== undefined)
    throw new CommandError(
      'CannotCreateIndex',
      `the embedded store does not know the index option '${unknown}'`,
    );
  assertCollation(spec.collation);
  const key = readKey(spec.key);
  const { partialFilterExpression, expireAfterSeconds } = spec;
  if (partialFilterExpression !== undefined) assertPartial(partialFilterExpression);
  if (partialFilterExpression !== undefined && spec.sparse === true)
    throw new CommandError('CannotCreateIndex', 'cannot mix "partialFilterExpression" and "sparse" options');
  return {
    ...plainIndex,
    name: typeof spec.name === 'string' ? spec.name : defaultName(key),
    key,
    unique: spec.unique === true || Number(spec.unique) === 1,
    sparse: spec.sparse === true || Number(spec.sparse) === 1,
    ...(partialFilterExpression !== undefined && { partialFilterExpression }),
    ...(expireAfterSeconds !== undefined && { expireAfterSeconds: readExpiry(expireAfterSeconds, key) }),
  };
}

const defaultName = (key: Document) =>
  Object.entries(key)
    .map(([path, direction]) => `${path}_${Number(direction)}`)
    .join('_');

function readKey(key: unknown): Document {
  const fields = isDocument(key) ? Object.entries(key) : [];
  if (fields.length === 0) throw new CommandError('CannotCreateIndex', 'Index keys cannot be empty.');
  return Object.fromEntries(
    fields.map(([path, direction]: [string, unknown]) => {
      const sign = Math.sign(typeof direction === 'string' ? Number.NaN : Number(direction));
      if (
        Number.isNaN(sign) ||
        sign === 0 ||
        path === '' ||
        path.includes('$') ||
        path.split('.').includes('')
      )
        throw new CommandError(
          'CannotCreateIndex',
          `the embedded store knows ascending and descending indexes only, not { ${path}: ${String(direction)} }`,
        );
      return [path, sign];
    }),
  );
}

function assertPartial(filter: unknown): void {
  const { conditions } = compileFilter(documentField(filter, 'partialFilterExpression'));
  const refused = conditions.find(
    ({ operator, operand }) =>
      !partialOperators.has(operator) || (operator === '$exists' && operand !== true),
  );
  const isFlat =
    isDocument(filter) && Object.keys(filter).every((path) => path === '$and' || !path.startsWith('$'));
  if (refused !== undefined || !isFlat)
    throw new CommandError(
      'CannotCreateIndex',
      `Expression not supported in partial index: ${refused?.operator ?? 'a logical operator'}`,
    );
}

function readExpiry(value: unknown, key: Document): number {
  const seconds = Number(value);
  if (Object.keys(key).length > 1)
    throw new CommandError(
      'CannotCreateIndex',
      'TTL indexes are single-field indexes, compound indexes do not support TTL',
    );
  if (typeof value === 'string' || !(seconds >= 0 && seconds <= 2 ** 31 - 1))
    throw new CommandError(
      'CannotCreateIndex',
      'TTL index expireAfterSeconds has to be a number of seconds from 0 to 2147483647',
    );
  return seconds;
}

/**
 * Whether an index that is wanted is there already.
 *
 * @throws CommandError IndexKeySpecsConflict or IndexOptionsConflict when another is in its place
 */
export function isThere(existing: readonly IndexRecord[], wanted: Omit<IndexRecord, 'id'>): boolean {
  const named = existing.find(({ name }) => name === wanted.name);
  const alike = existing.find((record) => signature(record) === signature(wanted));
  if (named !== undefined && named !== alike)
    throw new CommandError(
      'IndexKeySpecsConflict',
      `An existing index has the same name as the requested index: ${wanted.name}`,
    );
  if (alike === undefined) return false;
  if (alike.name !== wanted.name)
    throw new CommandError(
      'IndexOptionsConflict',
      `Index already exists with a different name: ${alike.name}`,
    );
  if (alike.expireAfterSeconds !== wanted.expireAfterSeconds)
    throw new CommandError('IndexOptionsConflict', `An equivalent index has other options: ${wanted.name}`);
  return true;
}

/** What tells two indexes apart but their names. */
function signature({ key, unique, sparse, partialFilterExpression }: Omit<IndexRecord, 'id'>): string {
  // MongoDB's own index on _id is unique without saying so.
  const isId = keyText(key) === '_id:1';
  return JSON.stringify([keyText(key), unique && !isId, sparse, valueIdentity(partialFilterExpression)]);
}
